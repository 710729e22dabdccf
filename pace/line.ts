import { costMs } from '../throttle/gcra.ts';
import { join, reserve } from './pacing.ts';
import type { Bucket, PaceStore } from './store.ts';
import { together } from './together.ts';

/** How somebody waits. */
export interface Waits {
  /** It has waited elsewhere, and was told to come now: it goes before those who come for the first time. */
  readonly returns: boolean;
  /** Whoever would have to wait longer than this does not wait here. */
  readonly patienceMs: number;
  /** Aborted when the turn is no longer wanted. */
  readonly signal: AbortSignal;
}

/** Those in this process who wait for a turn of one bucket. */
export interface Line {
  /** @returns 0 when the turn has come; else in how many milliseconds to come again */
  turn(waits: Waits): Promise<number>;
}

/** Who waits elsewhere comes back this long before its turn, so that no turn passes unused while it is under way. */
const EARLY_MS = 1_000;

/** The bucket is looked at again after this long at most, because others may have changed it. */
const LOOK_MS = 1_000;

interface Standing extends Waits {
  readonly leave: (inMs: number) => void;
  readonly fail: (reason: unknown) => void;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A line: the first in it asks the store, for as many as stand in it. */
export function createLine(store: PaceStore, bucket: Bucket, now: () => number = () => performance.now()): Line {
  const standing: Standing[] = [];
  const joinAll = together((count) => store.change(bucket, join(count)));
  let nextAt = 0;
  let isMoving = false;

  const later = async (): Promise<number> => Math.max(EARLY_MS, (await joinAll()) - EARLY_MS);

  /** Sends those away whose turn is too far off, because the provider asked for a pause or others were quicker. */
  const dismiss = (inMs: number, gapMs: number): void => {
    for (const [index, one] of [...standing].entries()) {
      if (inMs + index * gapMs <= 2 * one.patienceMs) continue;
      standing.splice(standing.indexOf(one), 1);
      later().then(one.leave, one.fail);
    }
  };

  /** @returns when to ask again, in milliseconds */
  const step = async (): Promise<number> => {
    const { count, inMs, gapMs } = await store.change(bucket, reserve(standing.length));
    nextAt = now() + inMs + count * gapMs;
    if (count === 0) {
      dismiss(inMs, gapMs);
      return Math.min(inMs, LOOK_MS);
    }
    for (let turn = 0; turn < count; turn++) {
      const one = standing.shift();
      if (one) setTimeout(one.leave, Math.max(0, inMs + turn * gapMs), 0);
    }
    return Math.max(0, inMs + (count - 1) * gapMs);
  };

  const move = async (): Promise<void> => {
    isMoving = true;
    try {
      while (standing.length > 0) await sleep(await step());
    } catch (error) {
      for (const one of standing.splice(0)) one.fail(error);
    } finally {
      isMoving = false;
    }
  };

  const stand = (waits: Waits): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const one: Standing = { ...waits, leave: resolve, fail: reject };
    const give = (): void => {
      const at = standing.indexOf(one);
      if (at >= 0) standing.splice(at, 1);
      reject(waits.signal.reason);
    };
    waits.signal.addEventListener('abort', give);
    standing.push(one);
    if (!isMoving) void move();
    return promise.finally(() => waits.signal.removeEventListener('abort', give));
  };

  return {
    turn: async (waits) => {
      waits.signal.throwIfAborted();
      const here = Math.max(0, nextAt - now()) + standing.length * costMs(bucket.rate);
      if (!waits.returns || here > waits.patienceMs) {
        const inMs = await joinAll();
        if (inMs > waits.patienceMs) return Math.max(EARLY_MS, inMs - EARLY_MS);
        waits.signal.throwIfAborted();
      }
      return stand(waits);
    },
  };
}
