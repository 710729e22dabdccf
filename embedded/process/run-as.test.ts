import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { commandAs, findSetpriv } from './run-as.ts';

const folder = temporaryFolder('run-as');
afterAll(folder.remove);

const NOBODY = { uid: 65_534, gid: 65_534, overrideAccess: false };

describe('commandAs', () => {
  it('is the program itself if no option is set', () => {
    expect(commandAs(undefined, 'initdb', ['-D', 'x'])).toEqual({ file: 'initdb', args: ['-D', 'x'], ids: {} });
    expect(commandAs(NOBODY, 'initdb', [])).toEqual({ file: 'initdb', args: [], ids: { uid: 65_534, gid: 65_534 } });
  });
});

// Only root can become somebody else.
describe.runIf(process.getuid?.() === 0 && findSetpriv())('commandAs under root', () => {
  it('lets another user read files in a folder that only root may enter, and ask whether it may', () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const file = join(closed, 'file');
    writeFileSync(file, 'inside');
    chmodSync(file, 0o600);
    const script = `test -r ${file} && cat ${file} && id -u`;
    const run = (overrideAccess: boolean) => {
      const command = commandAs({ ...NOBODY, overrideAccess }, '/bin/sh', ['-c', script]);
      return spawnSync(command.file, command.args, { encoding: 'utf8', cwd: '/', ...command.ids }).stdout;
    };
    expect(run(false)).toBe('');
    expect(run(true)).toBe('inside65534\n');
  });
});
