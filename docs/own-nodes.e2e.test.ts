/** A stranger with nothing but the page: writes its files, types its commands, as they stand there. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KillableBlok, startBlok } from '../examples/testing/start-blok.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const START = 'BLOK_NODES=./my-nodes npm start';
const PLAYGROUND = 'http://127.0.0.1:4410/playground';

/** What the page tells its reader to do, in its order: to save a file, or to type a command. */
type Told = { readonly save: string; readonly text: string } | { readonly type: string };

function toldBy(page: string): Told[] {
  const blocks = page.matchAll(/(?:Save this as `([^`]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, save, language, text = '']): Told[] => {
    if (save !== undefined) return [{ save, text }];
    const lines = language === 'sh' ? text.trimEnd().split('\n') : [];
    return lines.map((type) => ({ type: type.replace(/\s+#.*$/, '') }));
  });
}

describeWith(['temporal'], 'docs/own-nodes.md', () => {
  let folder: string;
  let blok: KillableBlok | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stranger-'));
    // `npx blok` in Blok's folder, where the files of a test must not lie.
    const npx = join(folder, 'bin', 'npx');
    await mkdir(dirname(npx));
    await writeFile(npx, `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(root, 'cli', 'blok.mjs')}' "$@"\n`);
    await chmod(npx, 0o755);
  });
  afterAll(async () => {
    await blok?.stop();
    await rm(folder, { recursive: true });
  });

  const saved = new Map<string, string>();
  /** The page speaks of the usual ports; this Blok has others. */
  const here = (text: string): string => text.replaceAll(PLAYGROUND, blok?.world ?? PLAYGROUND);
  const save = async (path: string, text: string) => {
    saved.set(path, text);
    await writeFile(join(folder, path), here(text));
  };
  const start = async () => {
    if (blok) {
      await blok.kill('all');
      return blok.heal('all');
    }
    blok = await startBlok({ TEMPORAL_CLI_PATH: sharedTemporal().cli, BLOK_NODES: join(folder, 'my-nodes') });
    for (const [path, text] of saved) await save(path, text);
  };
  const type = async (command: string): Promise<string> => {
    const path = `${join(folder, 'bin')}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path, NODE_TEST_CONTEXT: undefined, ...(blok && { BLOK_API: blok.api }) };
    return (await run('sh', ['-c', here(command)], { cwd: folder, env })).stdout;
  };

  it('works as it is written', async () => {
    const said: Record<string, string> = {};
    for (const told of toldBy(await readFile(join(root, 'docs', 'own-nodes.md'), 'utf8'))) {
      if ('save' in told) await save(told.save, told.text);
      else if (told.type === START) await start();
      else said[told.type.replace(/^BLOK_NODES=\S+ /, '')] = await type(told.type);
    }
    expect(Object.keys(said)).toHaveLength(7);
    expect(said['npx blok nodes acme.createThing']).toContain('acme.createThing 1.0.0: Create thing (idempotent)');
    const key = JSON.parse(said['npx blok run thing.yaml']!);
    expect(JSON.parse(said['npx blok run things.yaml']!)).toEqual([key]);
  }, 300_000);

  it('has nodes that compile', async () => {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    await run(process.execPath, [tsc, '-p', join(folder, 'my-nodes')], { cwd: folder });
  });
});
