import { createLine, type Line, type Waits } from './line.ts';
import { giveBack, pause } from './pacing.ts';
import type { Bucket, PaceStore } from './store.ts';

/** The lines of this process, one for each bucket that somebody waits for. */
export interface Lines {
  /**
   * Waits for a turn of a bucket, or for a moment only.
   *
   * @returns 0 when the turn has come; else in how many milliseconds to come again
   */
  turn(bucket: Bucket, waits: Waits): Promise<number>;
  /** Gives back a turn that was not used, and came `heldMs` ago. */
  giveBack(bucket: Bucket, heldMs: number): Promise<void>;
  /** A call was answered. */
  answered(bucket: Bucket): void;
  /** Nobody gets a turn of a bucket for this long, in all processes. */
  pause(bucket: Bucket, ms: number): Promise<void>;
}

/** A provider may ask for longer. After this, somebody finds out whether it still does. */
const LONGEST_PAUSE_MS = 3_600_000;

/** Buckets remembered that this process has begun to call. */
const MOST_BEGUN = 10_000;

/** Lines in front of a store that all processes share. */
export function createLines(store: PaceStore): Lines {
  const lines = new Map<string, { readonly line: Line; users: number }>();
  const begun = new Set<string>();
  const remember = (name: string): void => {
    if (begun.size >= MOST_BEGUN) begun.clear();
    begun.add(name);
  };
  const pauses = new Map<string, { readonly ms: number; readonly done: Promise<void> }>();
  return {
    turn: async (bucket, waits) => {
      const name = nameOf(bucket);
      const how = { isFirst: !begun.has(name), onDone: () => remember(name) };
      const known = lines.get(name) ?? { line: createLine(store, bucket, how), users: 0 };
      lines.set(name, known);
      known.users++;
      try {
        return await known.line.turn(waits);
      } finally {
        if (--known.users === 0) lines.delete(name);
      }
    },
    giveBack: async (bucket, heldMs) => {
      await store.change(bucket, giveBack(heldMs));
    },
    answered: (bucket) => {
      const name = nameOf(bucket);
      remember(name);
      lines.get(name)?.line.answered();
    },
    pause: async (bucket, ms) => {
      const wanted = Math.min(ms, LONGEST_PAUSE_MS);
      if (wanted <= 0) return;
      const name = nameOf(bucket);
      const hold = (): void => lines.get(name)?.line.hold();
      hold();
      // Hundreds of answers may ask for the same at the same moment. One of them is enough for the store.
      const before = pauses.get(name);
      if (before && before.ms >= wanted) return before.done;
      // Turns that the store gives before it knows of the pause are not given, either.
      const done = store.change(bucket, pause(wanted)).then(hold);
      const under = { ms: wanted, done };
      pauses.set(name, under);
      await done.finally(() => {
        if (pauses.get(name) === under) pauses.delete(name);
      });
    },
  };
}

/** A connection whose rate was changed has a line of its own. */
const nameOf = ({ workspace, key, rate }: Bucket): string =>
  JSON.stringify([workspace, key, rate.limit, rate.perMs, rate.burst]);
