import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A script that has run for this long leaves the processor to others, in milliseconds. */
export const GIVES_WAY_AFTER_MS = 1_000;

const NICE = 15;
/** Nice value of the whole session, on kernels that share the processor among sessions (`sched_autogroup_enabled`). */
const NICE_OF_SESSION = 16;

/** Linux lets users who are not root change the share of one session in 100 ms. */
const AGAIN_MS = 150;
const TIMES = 20;

/** Lets a child use only what others leave of the processor. Where the system does not allow that, nothing happens. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  attempt(() => setPriority(pid, NICE));
  if (process.platform === 'linux') shareLess(pid);
}

function shareLess(pid: number, times = TIMES): void {
  const write = () => writeFileSync(`/proc/${pid}/autogroup`, String(NICE_OF_SESSION), { flag: 'r+' });
  if (attempt(write) === 'EAGAIN' && times > 1) setTimeout(shareLess, AGAIN_MS, pid, times - 1).unref();
}

/** @returns the code of an error: the child has ended, or the system has no such setting */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
