import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { cacheFolder, makeWhole } from '../programs/cache.ts';
import { temporalCli } from './cli.ts';
import { CLI_SOURCES, type CliSource } from './cli-sources.ts';
import { CLI_VERSION } from './releases.ts';

const folder = temporaryFolder('cli');
afterAll(folder.remove);

let env: NodeJS.ProcessEnv;
let count = 0;

beforeEach(() => {
  const own = join(folder.path, String(count++));
  env = { PATH: join(own, 'bin'), XDG_CACHE_HOME: join(own, 'cache'), HOME: own };
});

const onPath = () => join(env.PATH!, 'temporal');
const cached = () => join(cacheFolder(env), `temporal-cli-${CLI_VERSION}`, 'temporal');

function program(path: string, says: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const GOOD = 'temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)';
const OLD = 'temporal version 1.5.1 (Server 1.30.2, UI 2.42.1)';

/** A source that records that it was asked; it has nothing, or a program that prints `says`. */
function source(name: string, asked: string[], says?: string): CliSource {
  const get: CliSource['get'] = async ({ output }) => {
    asked.push(name);
    if (says === undefined) throw new Error(`nothing at ${name}`);
    program(output, says);
  };
  return { name, title: name, get };
}

// The stand-ins are shell scripts.
describe.runIf(process.platform !== 'win32')('temporalCli', () => {
  it('prefers TEMPORAL_CLI_PATH, then PATH, then the cache', async () => {
    program(cached(), GOOD);
    expect(await temporalCli({ env, sources: [] })).toBe(cached());
    program(onPath(), GOOD);
    expect(await temporalCli({ env, sources: [] })).toBe(onPath());
    env.TEMPORAL_CLI_PATH = program(join(folder.path, 'mine', 'temporal'), GOOD);
    expect(await temporalCli({ env, sources: [] })).toBe(env.TEMPORAL_CLI_PATH);
  });

  it.each([
    ['is too old', OLD],
    ['is another program', 'temporal logic prover 3'],
  ])('skips a program on PATH that %s', async (_, says) => {
    program(onPath(), says);
    program(cached(), GOOD);
    expect(await temporalCli({ env, sources: [] })).toBe(cached());
  });

  it('skips a broken program in the cache', async () => {
    mkdirSync(dirname(cached()), { recursive: true });
    writeFileSync(cached(), 'half a download');
    chmodSync(cached(), 0o755);
    await expect(temporalCli({ env, sources: [] })).rejects.toThrow(`${cached()}: `);
  });

  it('says what is wrong with TEMPORAL_CLI_PATH, and does not look further', async () => {
    program(onPath(), GOOD);
    env.TEMPORAL_CLI_PATH = join(folder.path, 'nothing');
    await expect(temporalCli({ env })).rejects.toThrow(/TEMPORAL_CLI_PATH is .*nothing, but it does not run/);
    env.TEMPORAL_CLI_PATH = program(join(folder.path, 'old', 'temporal'), OLD);
    await expect(temporalCli({ env })).rejects.toThrow(/its server is 1\.30\.2, and 1\.31 or newer is needed/);
  });

  it('asks one source after the other until one has the CLI, and keeps it', async () => {
    const asked: string[] = [];
    const sources = [source('first', asked), source('second', asked, GOOD), source('third', asked, GOOD)];
    expect(await temporalCli({ env, sources, quiet: true })).toBe(cached());
    expect(asked).toEqual(['first', 'second']);
    expect(await temporalCli({ env, sources: [source('never', asked)] })).toBe(cached());
    expect(asked).toEqual(['first', 'second']);
  });

  it('lists what it tried and what to do if no source has it', async () => {
    const sources = [source('first', []), source('second', [])];
    await expect(temporalCli({ env, sources, quiet: true })).rejects.toThrow(
      /Tried:\n {2}- first: nothing at first\n {2}- second: nothing at second\nWhat to do/,
    );
  });

  it('asks the makers first, then PyPI, and builds last', () => {
    expect(CLI_SOURCES.map(({ name }) => name)).toEqual(['official download', 'PyPI', 'build with Go']);
  });
});

describe('makeWhole', () => {
  it('puts nothing in place if `make` fails, and clears what a killed process left behind', async () => {
    const target = join(folder.path, 'whole', 'thing');
    mkdirSync(dirname(target));
    writeFileSync(`${target}.new-999999999`, 'left over');
    const make = async (temporary: string) => {
      writeFileSync(temporary, 'half');
      throw new Error('no network');
    };
    await expect(makeWhole(target, make)).rejects.toThrow('no network');
    expect(readdirSync(dirname(target))).toEqual([]);
    await makeWhole(target, async (temporary) => writeFileSync(temporary, 'whole'));
    expect(readdirSync(dirname(target))).toEqual(['thing']);
    expect(existsSync(target)).toBe(true);
  });
});
