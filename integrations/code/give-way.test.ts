import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { giveWay, giveWayOnceBusy } from './give-way.ts';

let stop = (): void => undefined;
afterEach(() => stop());

it('lets a child and its session use what others leave of the processor', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  stop = () => void child.kill('SIGKILL');
  await once(child, 'spawn');
  giveWay(child.pid);
  expect(getPriority(child.pid!)).toBe(15);
  const session = `/proc/${child.pid}/autogroup`;
  if (existsSync(session)) expect(readFileSync(session, 'utf8')).toContain('nice 16');
});

it('does not change the share of the session of the worker itself', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  stop = () => void child.kill('SIGKILL');
  await once(child, 'spawn');
  const session = '/proc/self/autogroup';
  const before = existsSync(session) ? readFileSync(session, 'utf8') : '';
  giveWay(child.pid);
  expect(getPriority(child.pid!)).toBe(15);
  if (before) expect(readFileSync(session, 'utf8')).toBe(before);
});

/** The scheduling policy of a process, field 41 of proc_pid_stat(5): 5 is `SCHED_IDLE`, what others leave. */
const policyOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[38]);

describe.runIf(existsSync('/usr/bin/chrt'))('a processor with nothing else to do', () => {
  it('is all that a child gets that gives way, and what the child has started', async () => {
    const inner = `require('node:child_process').spawn('sleep', ['100'], { stdio: 'ignore' })`;
    const program = `console.log(${inner}.pid)`;
    const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    stop = () => void process.kill(-child.pid!, 'SIGKILL');
    const [pid] = (await once(child.stdout, 'data')) as [Buffer];
    giveWay(child.pid);
    const policies = () => [child.pid!, Number(pid)].map(policyOf);
    await expect.poll(policies, { timeout: 30_000 }).toEqual([5, 5]);
    expect(policyOf(process.pid)).toBe(0);
  });
});

describe.runIf(existsSync('/proc/self/stat'))('a child that is watched', () => {
  const watched = async (program: string, latestMs: number) => {
    const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: 'ignore' });
    stop = () => void child.kill('SIGKILL');
    await once(child, 'spawn');
    const pid = child.pid!;
    return { pid, stopWatching: giveWayOnceBusy(pid, { everyMs: 20, latestMs }) };
  };

  it('gives way once it has computed for a while', async () => {
    const { pid, stopWatching } = await watched('for (;;) {}', 3_600_000);
    await expect.poll(() => getPriority(pid), { timeout: 30_000 }).toBe(15);
    stopWatching();
  });

  it('gives way, too, if it is its wall that waits, and what the wall has started computes', async () => {
    const inner = `require('node:child_process').spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' })`;
    const { pid, stopWatching } = await watched(`${inner}; setInterval(() => {}, 1000)`, 3_600_000);
    stop = () => void process.kill(-pid, 'SIGKILL');
    await expect.poll(() => getPriority(pid), { timeout: 30_000 }).toBe(15);
    stopWatching();
  });

  it('keeps its share while it only waits, until it is late', async () => {
    const { pid, stopWatching } = await watched('setInterval(() => {}, 1000)', 3_600_000);
    const late = await watched('setInterval(() => {}, 1000)', 40);
    await expect.poll(() => getPriority(late.pid), { timeout: 30_000 }).toBe(15);
    expect(getPriority(pid)).toBeLessThan(15);
    for (const end of [stopWatching, late.stopWatching]) end();
    process.kill(pid, 'SIGKILL');
  });
});

it('does nothing about a child that has ended', () => {
  giveWay(undefined);
  giveWay(2 ** 30);
});
