/** How a run that works a lot leaves its thread to the others. */
import { setTimeout } from 'node:timers/promises';

/** The shares of the runs of one thread, which does one thing at a time. */
export interface Shares {
  /** Remembers how long the thread worked on a run just now. */
  note(workflowId: string, ms: number): void;
  /** Hands work to the thread: at once, or after that of all other busy runs that ask before. */
  inTurn<T>(workflowId: string, work: () => Promise<T>): Promise<T>;
}

/** A run is busy once it has used this much of the last seconds. Small runs need a tenth of it in all. */
const BUSY_MS = 200;
/** Work shorter than this waits for nobody: handing it over one by one would take longer than the work. */
const SLICE_MS = 20;
/** After this time, half of what a run has used is forgiven. */
const HALF_MS = 5_000;
/** Runs remembered. A run that does nothing for long is forgotten first. */
const RUNS = 1_000;
/** There are other runs to leave the thread to, if one of them had work in this time. */
const OTHERS_MS = 300;
/** Longest rest of the busy runs. */
const LONGEST_REST_MS = 100;

/**
 * Of the busy runs, one at a time hands work to the thread. So another run waits there for one slice of work at most
 * (about 50 ms), however many runs are busy: with twenty of them it would wait a second, at each of its steps. While
 * other runs have work, the busy ones together take half of the time.
 */
export function createShares(
  now: () => number = () => performance.now(),
  sleep: (ms: number) => Promise<unknown> = (ms) => setTimeout(ms, undefined, { ref: false }),
): Shares {
  const loads = new Map<string, { readonly ms: number; readonly last: number; readonly at: number }>();
  let last: Promise<unknown> = Promise.resolve();
  let othersAt = Number.NEGATIVE_INFINITY;

  const loadOf = (workflowId: string): number => {
    const load = loads.get(workflowId);
    return load ? load.ms * 2 ** ((load.at - now()) / HALF_MS) : 0;
  };
  const lastOf = (workflowId: string): number => loads.get(workflowId)?.last ?? 0;
  return {
    note: (workflowId, ms) => {
      const load = { ms: loadOf(workflowId) + ms, last: ms, at: now() };
      loads.delete(workflowId);
      loads.set(workflowId, load);
      if (loads.size > RUNS) loads.delete(loads.keys().next().value!);
    },
    inTurn: (workflowId, work) => {
      if (loadOf(workflowId) < BUSY_MS) othersAt = now();
      if (loadOf(workflowId) < BUSY_MS || lastOf(workflowId) < SLICE_MS) return work();
      const turn = last.then(work);
      const rest = () =>
        now() - othersAt < OTHERS_MS ? sleep(Math.min(LONGEST_REST_MS, lastOf(workflowId))) : undefined;
      last = turn.then(rest, rest);
      return turn;
    },
  };
}
