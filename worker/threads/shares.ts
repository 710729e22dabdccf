/** How a run that works a lot leaves its thread, and Temporal's server, to the others. */
import { setTimeout } from 'node:timers/promises';

/** What Temporal says of where a run comes from. */
export interface Origin {
  readonly workflowId: string;
  /** The first of the runs that started each other, if it is another one. */
  readonly root?: { readonly workflowId: string };
}

/** Who shares: a run with all that it started in Temporal, by the workflow id of the first one. */
export const familyOf = ({ workflowId, root }: Origin): string => root?.workflowId ?? workflowId;

/** The shares of the families of one thread, which does one thing at a time. */
export interface Shares {
  /** Remembers how long the thread worked for a family just now. */
  note(family: string, ms: number): void;
  /** Hands work to the thread: at once, or after that of all other busy families that ask before. */
  inTurn<T>(family: string, work: () => Promise<T>): Promise<T>;
}

/** A family is busy once it has used this much of the last seconds. Small runs need a tenth of it in all. */
const BUSY_MS = 200;
/** However short it is, a piece of work costs this, most of it in Temporal's server. */
const PIECE_MS = 2;
/** Work shorter than this waits for nobody while the server is in time: handing it over one by one would take longer than the work. */
const SLICE_MS = 20;
/** After this time, half of what a family has used is forgiven. */
const HALF_MS = 5_000;
/** Families remembered. One that does nothing for long is forgotten first. */
const FAMILIES = 1_000;
/** There are others to leave the thread to, if one of them that is not busy had work in this time. */
const OTHERS_MS = 300;
/** Longest rest of the busy ones. */
const LONGEST_REST_MS = 200;
/** While the server is late, the busy ones rest longer after each piece of work: for this part of what it is late by. */
const LATE_REST = 0.5;
/** Nobody rests once somebody has waited for this long, because Temporal takes a task back after ten seconds. */
const WAITS_MS = 2_000;

/**
 * Of the busy families, one at a time hands work to the thread. So another run waits there for one slice of work at most
 * (about 50 ms), however many are busy: with twenty of them it would wait a second, at each of its steps. While
 * other runs have work, the busy ones together take half of the time, and less if Temporal's server is late.
 *
 * @param lateMs by how many milliseconds the server is late
 */
export function createShares(
  lateMs: () => number,
  now: () => number = () => performance.now(),
  sleep: (ms: number) => Promise<unknown> = (ms) => setTimeout(ms, undefined, { ref: false }),
): Shares {
  const loads = new Map<string, { readonly ms: number; readonly last: number; readonly at: number }>();
  let last: Promise<unknown> = Promise.resolve();
  /** When those in line asked. */
  const line: number[] = [];
  /** The two families that were not busy and asked last. */
  let others: readonly { readonly family: string; readonly at: number }[] = [];

  const loadOf = (family: string): number => {
    const load = loads.get(family);
    return load ? load.ms * 2 ** ((load.at - now()) / HALF_MS) : 0;
  };
  const lastOf = (family: string): number => loads.get(family)?.last ?? 0;
  const hasOthers = (than: string): boolean =>
    others.some(({ family, at }) => family !== than && now() - at < OTHERS_MS);
  const rest = (family: string): Promise<unknown> | undefined => {
    if (!hasOthers(family) || now() - (line[0] ?? now()) > WAITS_MS) return undefined;
    return sleep(Math.min(LONGEST_REST_MS, Math.max(lastOf(family), LATE_REST * lateMs())));
  };
  return {
    note: (family, ms) => {
      const load = { ms: loadOf(family) + Math.max(PIECE_MS, ms), last: ms, at: now() };
      loads.delete(family);
      loads.set(family, load);
      if (loads.size > FAMILIES) loads.delete(loads.keys().next().value!);
    },
    inTurn: (family, work) => {
      if (loadOf(family) < BUSY_MS) {
        others = [{ family, at: now() }, ...others.filter((other) => other.family !== family)].slice(0, 2);
        return work();
      }
      if (lastOf(family) < SLICE_MS && !(hasOthers(family) && lateMs() > 0)) return work();
      line.push(now());
      const turn = last.then(() => {
        line.shift();
        return work();
      });
      last = turn.then(
        () => rest(family),
        () => rest(family),
      );
      return turn;
    },
  };
}
