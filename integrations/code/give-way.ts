import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A script that has run for this long leaves the processor to others, in milliseconds. */
export const GIVES_WAY_AFTER_MS = 1_000;

const NICE = 15;
/** Nice value of the whole session, on kernels that share the processor among sessions (`sched_autogroup_enabled`). */
const NICE_OF_SESSION = 10;

/** Lets a child use only what others leave of the processor. Where the system does not allow that, nothing happens. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  attempt(() => setPriority(pid, NICE));
  if (process.platform === 'linux')
    attempt(() => writeFileSync(`/proc/${pid}/autogroup`, String(NICE_OF_SESSION), { flag: 'r+' }));
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The child has ended, or the system has no such setting.
  }
}
