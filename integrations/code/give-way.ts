import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { NICE_OF_SESSION, TOOLS } from './walls.ts';

/** A script that has computed for this long leaves the processor to others, in milliseconds. */
const COMPUTES_MS = 500;
/** When that is looked at first, and how often after that. */
const LOOK_EVERY_MS = 250;
/** Where the system does not tell how much a script has computed, this is taken for much. */
const UNTOLD_MS = 1_000;
/** However little it has computed by then. */
const LATEST_MS = 3_000;

/** `/proc` counts in hundredths of a second (USER_HZ). */
const TICK_MS = 10;

const NICE = 15;

/** Linux lets users who are not root change the share of one session in 100 ms. */
const AGAIN_MS = 150;
const TIMES = 20;

/** Lets a child use only what others leave of the processor. Where the system does not allow that, nothing happens. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  attempt(() => setPriority(pid, NICE));
  if (process.platform !== 'linux') return;
  shareLess(pid);
  runWhenIdle(pid);
}

/** Makes a child give way once it has computed for a while. @returns a function that stops watching it */
export function giveWayOnceBusy(
  pid: number | undefined,
  { everyMs = LOOK_EVERY_MS, latestMs = LATEST_MS } = {},
): () => void {
  let looks = 0;
  const watching = setInterval(() => {
    looks++;
    const afterMs = looks * everyMs;
    const computed = computedMs(pid) ?? (afterMs < UNTOLD_MS ? 0 : COMPUTES_MS);
    if (computed < COMPUTES_MS && afterMs < latestMs) return;
    clearInterval(watching);
    giveWay(pid);
  }, everyMs);
  return () => clearInterval(watching);
}

/** How long a child has computed, with all that its wall has started, if the system tells. */
function computedMs(pid: number | undefined): number | undefined {
  const times = pid === undefined ? [] : treeOf(pid).flatMap(computedAlone);
  return times.length === 0 ? undefined : times.reduce((sum, ms) => sum + ms, 0);
}

/** How long a process has computed, in milliseconds: nothing of one that has ended. */
function computedAlone(pid: number): number[] {
  const ms: number[] = [];
  attempt(() => {
    const fields = statOf(pid);
    // The fourteenth and the fifteenth: in the program, and in the kernel for it.
    ms.push((Number(fields[11]) + Number(fields[12])) * TICK_MS);
  });
  return ms;
}

/** A child that has no session of its own yet would change that of the worker, so it is waited for. */
function shareLess(pid: number, times = TIMES): void {
  const write = () => {
    if (sessionOf(pid) !== pid) throw Object.assign(new Error('no session yet'), { code: 'EAGAIN' });
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE_OF_SESSION), { flag: 'r+' });
  };
  if (attempt(write) === 'EAGAIN' && times > 1) setTimeout(shareLess, AGAIN_MS, pid, times - 1).unref();
}

/** The same as `WHEN_IDLE` in `walls.ts`, for a child that runs already, with all that its wall has started. */
function runWhenIdle(pid: number): void {
  const each = 'for pid; do chrt --idle --all-tasks --pid 0 "$pid"; done';
  const tool = spawn('/bin/sh', ['-c', each, 'sh', ...treeOf(pid).map(String)], {
    stdio: 'ignore',
    env: { PATH: TOOLS },
  });
  // Without it, the child is only nice.
  tool.on('error', () => undefined);
}

/** A process, and all that it has started. */
function treeOf(pid: number): number[] {
  const pids = [pid];
  for (const parent of pids) attempt(() => void pids.push(...childrenOf(parent)));
  return pids;
}

const childrenOf = (pid: number): number[] =>
  (readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? []).map(Number);

/** The sixth field. */
const sessionOf = (pid: number): number => Number(statOf(pid)[3]);

/** What the system says about a process, from the third field on: the command before may contain anything (proc_pid_stat(5)). */
const statOf = (pid: number): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');

/** @returns the code of an error: the child has ended, or the system has no such setting */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
