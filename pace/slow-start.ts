import { costMs } from '../throttle/gcra.ts';
import type { Bucket } from './store.ts';

/**
 * How a process begins to call a provider. Its first call loads what the next ones have, and makes the connection, so it is under
 * way for longer: those that leave meanwhile would all arrive together behind it.
 */
export interface SlowStart {
  /** How many turns to ask for, if so many stand in line. */
  most(standing: number): number;
  /** The bucket, as it is asked now. */
  bucket(): Bucket;
  /** Turns have been given: waits until the first of all calls is answered, but not for long. */
  given(): Promise<void>;
  /** A call was answered. */
  answered(): void;
}

/** For so long, the first call goes alone at most. */
const ALONE_MS = 500;

/**
 * For so long, the calls after it come less often: at this part of the rate, and then more and more of it. Whoever has
 * many calls to make has just begun with all of them, so this process is at its busiest, and calls are late.
 * It ends earlier if nobody waits any more.
 */
const SLOW_MS = 5_000;
const SLOWLY = 0.8;

/** Calls that come less often than this do not meet each other. */
const FAST_GAP_MS = 150;

/**
 * Begins with one call, and goes on a little slower for some seconds.
 *
 * @param how.isFirst the process has made no call of this bucket; `onDone` is called when that is over
 */
export function slowStart(
  bucket: Bucket,
  { isFirst, onDone, now }: { readonly isFirst: boolean; readonly onDone: () => void; readonly now: () => number },
): SlowStart {
  const first = Promise.withResolvers<void>();
  let goesAlone = isFirst && costMs(bucket.rate) < FAST_GAP_MS;
  let slowUntil = 0;
  return {
    most: (standing) => (goesAlone ? 1 : standing),
    bucket: () => {
      const leftMs = slowUntil - now();
      return leftMs > 0 ? slower(bucket, 1 - (1 - SLOWLY) * (leftMs / SLOW_MS)) : bucket;
    },
    given: async () => {
      if (!goesAlone) return;
      await Promise.race([first.promise, new Promise((resolve) => setTimeout(resolve, ALONE_MS))]);
      goesAlone = false;
      slowUntil = now() + SLOW_MS;
      onDone();
    },
    answered: first.resolve,
  };
}

/** A turn costs more, and a burst has fewer of them, so that a whole burst costs what it did. */
const slower = ({ rate, ...bucket }: Bucket, part: number): Bucket => ({
  ...bucket,
  rate: { ...rate, limit: rate.limit * part, burst: 1 + (rate.burst - 1) * part },
});
