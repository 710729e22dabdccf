import { costMs } from '../throttle/gcra.ts';
import type { Rate } from '../throttle/index.ts';

/**
 * The state of one bucket and what happens to it: pure, so that every store does the same. Turns follow each other evenly, by
 * the generic cell rate algorithm (`throttle/gcra.ts`); all times are milliseconds of the store's clock.
 */
export interface Pacing {
  /** When all turns that were given will be paid off. */
  readonly paidAt: number;
  /** When the last of those who wait elsewhere will have had its turn. */
  readonly tailAt: number;
  /** When those who wait elsewhere began to wait. */
  readonly beganAt: number;
}

/** A change of a bucket: its next state, and what the one who asked is told. */
export type Change<T> = (state: Pacing, rate: Rate, now: number) => [Pacing, T];

/** Turns: the first in `inMs`, each other one `gapMs` later. */
export interface Turns {
  /** How many may be taken. None: ask again in `inMs`. */
  readonly count: number;
  readonly inMs: number;
  readonly gapMs: number;
  /** The store's clock when it gave them. */
  readonly now: number;
}

/** A bucket that was never used. */
export const UNUSED: Pacing = { paidAt: 0, tailAt: 0, beganAt: 0 };

/** Turns are given this long before they come, so that one question is enough for several. */
const AHEAD_MS = 100;

/** Who waits elsewhere comes back before its turn. If nobody has for this long, or for two turns, nobody waits any more. */
const GONE_MS = 3_000;

/** Gives turns that come now or very soon, at most `most`. */
export const reserve =
  (most: number): Change<Turns> =>
  (state, rate, now) => {
    const gapMs = costMs(rate);
    const firstAt = freeAt(state, rate, now);
    const inMs = firstAt - now;
    if (inMs > AHEAD_MS) return [state, { count: 0, inMs, gapMs, now }];
    const count = Math.min(most, Math.floor((AHEAD_MS - inMs) / gapMs) + 1);
    return [
      { ...state, paidAt: Math.max(state.paidAt, now) + count * gapMs },
      { count, inMs, gapMs, now },
    ];
  };

/** Puts newcomers behind those who wait elsewhere already, and says when their turns come, roughly. */
export const join =
  (count: number): Change<Turns> =>
  (state, rate, now) => {
    const gapMs = costMs(rate);
    const { tailAt, beganAt } = waitersOf(state, gapMs, now);
    const turnAt = Math.max(tailAt, now, freeAt(state, rate, now));
    return [
      { ...state, tailAt: turnAt + count * gapMs, beganAt },
      { count, inMs: turnAt - now, gapMs, now },
    ];
  };

/**
 * Takes back turns that were not used, for those who come next. If a pause or a new line has begun since the turn came, it
 * is lost: a pause must not get shorter, and where a line has just begun, one turn makes little difference.
 *
 * @param heldMs how long ago the turn came
 */
export const giveBack =
  (heldMs: number, count = 1): Change<null> =>
  (state, rate, now) => [
    state.beganAt > now - heldMs ? state : { ...state, paidAt: state.paidAt - count * costMs(rate) },
    null,
  ];

/** Gives no turn for a while, because the provider said so. Those who wait come back meanwhile, and wait anew. */
export const pause =
  (ms: number): Change<null> =>
  (state, rate, now) => {
    const until = now + ms;
    if (until <= freeAt(state, rate, now)) return [state, null];
    return [{ paidAt: until + (rate.burst - 1) * costMs(rate), tailAt: until, beganAt: now }, null];
  };

/** When the next turn comes. It may be in the past: then a whole burst may be taken. */
const freeAt = ({ paidAt }: Pacing, rate: Rate, now: number): number =>
  Math.max(paidAt, now) - (rate.burst - 1) * costMs(rate);

function waitersOf({ paidAt, tailAt, beganAt }: Pacing, gapMs: number, now: number): Omit<Pacing, 'paidAt'> {
  const heardAt = Math.max(paidAt, beganAt);
  const areGone = heardAt < now - Math.max(GONE_MS, 2 * gapMs);
  return tailAt <= now || areGone ? { tailAt: now, beganAt: now } : { tailAt, beganAt };
}
