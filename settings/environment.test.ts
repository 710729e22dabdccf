import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ENVIRONMENT = JSON.stringify(new URL('environment.ts', import.meta.url).href);

/** Runs a main function as a process of its own. Returns what it prints. */
const run = (main: string): Promise<string> =>
  runAlone(`import(${ENVIRONMENT}).then(({ runMain }) => runMain('Test', () => ({}), async () => { ${main} }));`);

async function runAlone(text: string): Promise<string> {
  const args = ['--disable-warning=ExperimentalWarning', '--inspect-port=0', '-e', text];
  return (await promisify(execFile)(process.execPath, args)).stdout.trim();
}

/** Sends the signal of the inspector to the own process, and says after how many milliseconds it opened, if it did. */
const signalled = (limitMs: number) => `
  const inspector = process.getBuiltinModule('node:inspector');
  process.kill(process.pid, 'SIGUSR1');
  const began = Date.now();
  setInterval(() => {
    const ms = Date.now() - began;
    if (!inspector.url() && ms < ${limitMs}) return;
    console.log(inspector.url() ? ms : 'closed');
    process.exit();
  }, 5);`;

describe('runMain', () => {
  it.runIf(process.platform !== 'win32')('opens no debugger when it is signalled', async () => {
    const openMs = Number(await runAlone(signalled(10_000)));
    expect(openMs).toBeLessThan(10_000);
    expect(await run(signalled(openMs * 10 + 100))).toBe('closed');
  });

  it('writes files that others cannot read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'blok-main-'));
    const file = join(folder, 'file');
    await run(`process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(file)}, 'x');`);
    expect(existsSync(file)).toBe(true);
    expect(statSync(file).mode & 0o077).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
