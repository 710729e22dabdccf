import { createLine, type Line, type Waits } from './line.ts';
import { pause } from './pacing.ts';
import type { Bucket, PaceStore } from './store.ts';

/** The lines of this process, one for each bucket that somebody waits for. */
export interface Lines {
  /**
   * Waits for a turn of a bucket, or for a moment only.
   *
   * @returns 0 when the turn has come; else in how many milliseconds to come again
   */
  turn(bucket: Bucket, waits: Waits): Promise<number>;
  /** Nobody gets a turn of a bucket for this long, in all processes. */
  pause(bucket: Bucket, ms: number): Promise<void>;
}

/** A provider may ask for longer. After this, somebody finds out whether it still does. */
const LONGEST_PAUSE_MS = 3_600_000;

/** Lines in front of a store that all processes share. */
export function createLines(store: PaceStore): Lines {
  const lines = new Map<string, { readonly line: Line; users: number }>();
  return {
    turn: async (bucket, waits) => {
      const { workspace, key, rate } = bucket;
      // A connection whose rate was changed has a line of its own.
      const name = JSON.stringify([workspace, key, rate.limit, rate.perMs, rate.burst]);
      const known = lines.get(name) ?? { line: createLine(store, bucket), users: 0 };
      lines.set(name, known);
      known.users++;
      try {
        return await known.line.turn(waits);
      } finally {
        if (--known.users === 0) lines.delete(name);
      }
    },
    pause: async (bucket, ms) => {
      if (ms > 0) await store.change(bucket, pause(Math.min(ms, LONGEST_PAUSE_MS)));
    },
  };
}
