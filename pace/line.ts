import { costMs } from '../throttle/gcra.ts';
import { join, reserve, type Turns } from './pacing.ts';
import type { Bucket, PaceStore } from './store.ts';
import { storeClock } from './store-clock.ts';
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
  /** A call was answered: the others may follow it. */
  answered(): void;
  /** No more turns are given that came before a pause. */
  hold(): void;
}

/** Who waits elsewhere comes back this long before its turn, so that no turn passes unused while it is under way. */
const EARLY_MS = 2_000;

/** Nobody is sent away for less than this. */
const SHORTEST_MS = 1_000;

/** The bucket is looked at again after this long at most, because others may have changed it. */
const LOOK_MS = 1_000;

/**
 * A turn that comes later than this, because the process was busy, delays the ones after it. Otherwise all that are late would
 * come together, and the provider would refuse some of them. Half of what `integrations/rate-limit.ts` leaves unused of a rate.
 */
const lateMs = ({ rate }: Bucket): number => Math.max(5, rate.perMs * 0.02);

/** The first call of a process goes alone until it is answered, but not for longer than this. */
const ALONE_MS = 500;

/** For so long, the calls after it come less often, because the first of them are under way for longer than those that follow. */
const SLOW_MS = 1_500;
const SLOWLY = 0.8;

interface Standing extends Waits {
  readonly leave: (inMs: number) => void;
  readonly fail: (reason: unknown) => void;
}

const slower = ({ rate, ...bucket }: Bucket): Bucket => ({
  ...bucket,
  rate: { ...rate, limit: rate.limit * SLOWLY },
});

/** Calls are so frequent that those of a slow process would come together. */
const isFast = ({ rate }: Bucket): boolean => costMs(rate) < SLOW_MS / 10;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A line: the first in it asks the store, for as many as stand in it. */
export function createLine(
  store: PaceStore,
  bucket: Bucket,
  { isFirst = true, now = () => performance.now() }: { readonly isFirst?: boolean; readonly now?: () => number } = {},
): Line {
  const standing: Standing[] = [];
  const first = Promise.withResolvers<void>();
  let goesAlone = isFirst && isFast(bucket);
  let slowUntil = 0;
  let holds = 0;
  const clock = storeClock(now);
  const joinAll = together((count) => store.change(bucket, join(count)));
  let nextAt = 0;
  let isMoving = false;

  const later = async (): Promise<number> => Math.max(SHORTEST_MS, (await joinAll()) - EARLY_MS);

  /** Sends those away whose turn is too far off, because the provider asked for a pause or others were quicker. */
  const dismiss = (inMs: number, gapMs: number): void => {
    for (const [index, one] of [...standing].entries()) {
      if (inMs + index * gapMs <= 2 * one.patienceMs) continue;
      standing.splice(standing.indexOf(one), 1);
      later().then(one.leave, one.fail);
    }
  };

  /** Lets those in line go, each at its turn. */
  const begin = async ({ count, inMs, gapMs }: Turns, givenAt: number): Promise<void> => {
    const before = holds;
    let lateBy = 0;
    for (let turn = 0; turn < count && before === holds; turn++) {
      const dueAt = givenAt + Math.max(0, inMs + turn * gapMs);
      nextAt = dueAt + lateBy;
      if (nextAt > now()) await sleep(nextAt - now());
      if (before !== holds) return;
      lateBy = Math.max(lateBy, now() - dueAt - lateMs(bucket));
      standing.shift()?.leave(0);
    }
    nextAt = givenAt + inMs + count * gapMs;
  };

  const step = async (): Promise<void> => {
    const askedAt = now();
    const asked = askedAt < slowUntil ? slower(bucket) : bucket;
    const turns = await store.change(asked, reserve(goesAlone ? 1 : standing.length));
    const givenAt = clock.here(turns.now, askedAt);
    if (turns.count > 0) {
      await begin(turns, givenAt);
      if (!goesAlone) return;
      await Promise.race([first.promise, sleep(ALONE_MS)]);
      goesAlone = false;
      slowUntil = now() + SLOW_MS;
      return;
    }
    nextAt = givenAt + turns.inMs;
    dismiss(turns.inMs, turns.gapMs);
    await sleep(Math.min(turns.inMs, LOOK_MS));
  };

  const move = async (): Promise<void> => {
    isMoving = true;
    try {
      while (standing.length > 0) await step();
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
        if (inMs > waits.patienceMs) return Math.max(SHORTEST_MS, inMs - EARLY_MS);
        waits.signal.throwIfAborted();
      }
      return stand(waits);
    },
    answered: first.resolve,
    hold: () => {
      holds++;
    },
  };
}
