import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { NICE_OF_SESSION } from './walls.ts';

/** A script that has run for this long leaves the processor to others, in milliseconds. */
export const GIVES_WAY_AFTER_MS = 1_000;

const NICE = 15;

/** Linux lets users who are not root change the share of one session in 100 ms. */
const AGAIN_MS = 150;
const TIMES = 20;

/** Lets a child use only what others leave of the processor. Where the system does not allow that, nothing happens. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  attempt(() => setPriority(pid, NICE));
  if (process.platform === 'linux') shareLess(pid);
}

/** A child that has no session of its own yet would change that of the worker, so it is waited for. */
function shareLess(pid: number, times = TIMES): void {
  const write = () => {
    if (sessionOf(pid) !== pid) throw Object.assign(new Error('no session yet'), { code: 'EAGAIN' });
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE_OF_SESSION), { flag: 'r+' });
  };
  if (attempt(write) === 'EAGAIN' && times > 1) setTimeout(shareLess, AGAIN_MS, pid, times - 1).unref();
}

/** The sixth field, counted from behind the command, which may contain anything (proc_pid_stat(5)). */
const sessionOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[3]);

/** @returns the code of an error: the child has ended, or the system has no such setting */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
