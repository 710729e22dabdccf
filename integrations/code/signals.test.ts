import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ENVIRONMENT, escapedChild, offeredWalls, REQUEST } from './testing/child.ts';
import { commandFor, type Wall } from './walls.ts';

const offered = offeredWalls();
/** Under the wall "process", the system refuses a signal only if a worker that runs as root can give its scripts away. */
const changesUser = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;

/** A worker of its own, which starts a child as workers do and says whether its debugger was opened. */
const WORKER = `
  const [file, args, env, input] = JSON.parse(process.argv[1]);
  const guest = require('node:child_process').spawn(file, args, { cwd: '/', env, stdio: ['pipe', 'ignore', 'ignore'] });
  guest.stdin.on('error', () => {});
  guest.stdin.end(input);
  guest.on('close', () => setTimeout(() => console.log(require('node:inspector').url() ?? 'closed'), 200));`;

function debuggerOf(wall: Wall, code: string): Promise<string> {
  const { file, args } = commandFor(wall, { code, cpuSeconds: 5, node: process.execPath, givesWay: false });
  const what = JSON.stringify([file, args, ENVIRONMENT, REQUEST]);
  // Detached, because a signal to the process group must reach the worker and not this test.
  const worker = spawn(process.execPath, ['-e', WORKER, what], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  let said = '';
  worker.stdout.on('data', (text) => (said += text));
  return new Promise((resolve) => worker.on('close', () => resolve(said.trim())));
}

const ATTACKS = [
  'process._debugProcess(process.ppid)',
  'process._debugProcess(0)',
  "process.kill(process.ppid, 'SIGUSR1')",
  "process.kill(0, 'SIGUSR1')",
];

describe.each(offered)('behind the wall "%s"', (wall) => {
  it.concurrent.each(ATTACKS)(
    'a script that got out of its realm cannot open the debugger of its worker: %s',
    async (attack) => {
      expect(await debuggerOf(wall, escapedChild(attack))).toBe('closed');
    },
  );

  // Without the child's own care: what the system itself refuses.
  it.skipIf(wall === 'process' && !changesUser).each(ATTACKS)('the system refuses %s', async (attack) => {
    expect(await debuggerOf(wall, attack)).toBe('closed');
  });
});

const linux = process.platform === 'linux';
describe.runIf(linux)('a session of its own', () => {
  let stop = (): void => undefined;
  afterEach(() => stop());

  /** The fields of a process that Linux shows, from its parent on. */
  const statusOf = (pid: number): number[] =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) . /s, '')
      .split(' ')
      .map(Number);
  const sessionOf = (pid: number): number => statusOf(pid)[2]!;

  /** The processes whose command line holds a mark. */
  const pidsOf = (mark: string): number[] =>
    readdirSync('/proc').flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark) ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });

  /** Starts a child behind a wall that never ends by itself. @returns its process, and all processes behind it */
  async function childBehind(wall: Wall, { givesWay }: { givesWay: boolean }) {
    const mark = `blok-session-${wall}-${givesWay}-${process.pid}`;
    const code = `/* ${mark} */ console.log('up'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`;
    const { file, args } = commandFor(wall, { code, cpuSeconds: 5, node: process.execPath, givesWay });
    const child = spawn(file, args, { cwd: '/', env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'ignore'] });
    stop = () => void child.kill('SIGKILL');
    await once(child.stdout!, 'data');
    return { child, pids: pidsOf(mark) };
  }

  it.each(offered)('belongs to the child behind the wall "%s"', async (wall) => {
    const { child, pids } = await childBehind(wall, { givesWay: false });
    const sessions = pids.map(sessionOf);
    expect(sessions.length).toBeGreaterThan(0);
    expect(sessions).not.toContain(sessionOf(process.pid));
    // Without a share of its own, a session would get as much of the processor as the whole worker.
    const share = `/proc/${child.pid}/autogroup`;
    if (existsSync(share)) expect(readFileSync(share, 'utf8')).toMatch(/nice 4$/m);
  });

  const hasChrt = existsSync('/usr/bin/chrt');
  it.runIf(hasChrt).each(offered)('is idle work behind the wall "%s" if it gives way', async (wall) => {
    const { pids } = await childBehind(wall, { givesWay: true });
    // Field 41 of proc_pid_stat(5): 5 is `SCHED_IDLE`.
    expect(new Set(pids.map((pid) => statusOf(pid)[37]))).toEqual(new Set([5]));
  });
});
