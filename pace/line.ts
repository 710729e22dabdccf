import { costMs } from '../throttle/gcra.ts';
import { giveBack, join, reserve, type Turns } from './pacing.ts';
import { slowStart } from './slow-start.ts';
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
  /** A pause has begun: turns that were asked for before are not given any more. */
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
 * come together, and the provider would refuse some of them. A little less than what `integrations/rate-limit.ts` leaves unused.
 */
const lateMs = ({ rate }: Bucket): number => Math.max(5, rate.perMs * 0.02);

interface Standing extends Waits {
  readonly leave: (inMs: number) => void;
  readonly fail: (reason: unknown) => void;
}

/** Not before a moment, and no earlier than somebody is ready to wait for. */
const comeAgainIn = (turnInMs: number, { patienceMs }: Waits): number =>
  Math.max(SHORTEST_MS, turnInMs - Math.min(EARLY_MS, patienceMs));

const now = (): number => performance.now();

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A line: the first in it asks the store, for as many as stand in it. */
export function createLine(
  store: PaceStore,
  bucket: Bucket,
  { isFirst, onDone }: { readonly isFirst: boolean; readonly onDone: () => void },
): Line {
  const standing: Standing[] = [];
  const start = slowStart(bucket, { isFirst, onDone, now });
  let holds = 0;
  const clock = storeClock(now);
  const joinAll = together((count) => store.change(bucket, join(count)));
  let nextAt = 0;
  let leftAt = Number.NEGATIVE_INFINITY;
  let isMoving = false;

  const later = async (waits: Waits): Promise<number> => comeAgainIn(await joinAll(), waits);

  /** Sends those away whose turn is too far off, because the provider asked for a pause or others were quicker. */
  const dismiss = (inMs: number, gapMs: number): void => {
    for (const [index, one] of [...standing].entries()) {
      if (inMs + index * gapMs <= 2 * one.patienceMs) continue;
      standing.splice(standing.indexOf(one), 1);
      later(one).then(one.leave, one.fail);
    }
  };

  /** Lets those in line go, each at its turn, until a pause begins. @returns how many went */
  const begin = async ({ count, inMs, gapMs }: Turns, givenAt: number, before: number): Promise<number> => {
    let lateBy = bucket.rate.burst === 1 ? leftAt + gapMs - lateMs(bucket) - (givenAt + Math.max(0, inMs)) : 0;
    for (let turn = 0; turn < count; turn++) {
      const dueAt = givenAt + Math.max(0, inMs + turn * gapMs);
      nextAt = dueAt + Math.max(0, lateBy);
      if (nextAt > now()) await sleep(nextAt - now());
      if (before !== holds || standing.length === 0) return turn;
      leftAt = now();
      lateBy = Math.max(lateBy, leftAt - dueAt - lateMs(bucket));
      standing.shift()!.leave(0);
    }
    return count;
  };

  const step = async (): Promise<void> => {
    const askedAt = now();
    const before = holds;
    const turns = await store.change(start.bucket(), reserve(start.most(standing.length)));
    const givenAt = clock.here(turns.now, askedAt);
    if (turns.count > 0) {
      const gone = await begin(turns, givenAt, before);
      nextAt = givenAt + turns.inMs + turns.count * turns.gapMs;
      // A pause that has begun meanwhile has made the turns void: given back, they would make it shorter.
      if (gone < turns.count && before === holds)
        await store.change(bucket, giveBack(now() - givenAt, turns.count - gone));
      return start.given();
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
        if (inMs > waits.patienceMs) return comeAgainIn(inMs, waits);
        waits.signal.throwIfAborted();
      }
      return stand(waits);
    },
    answered: start.answered,
    hold: () => {
      holds++;
    },
  };
}
