import type { Rate, Verdict } from './throttle.ts';

/**
 * The generic cell rate algorithm: one number per key, the time at which everything taken so far is paid off at the
 * rate's pace. It is exact, has no windows at whose edges twice as much goes through, and needs no clean-up, because
 * a key that is paid off is a key that was never used. `throttle/redis.ts` does the same in Lua.
 */
export interface Cell {
  readonly verdict: Verdict;
  /** When the key will be paid off. */
  readonly paidOffAt: number;
}

/** Takes one from a key, if the rate allows it. */
export function takeOne(paidOffAt: number, rate: Rate, now: number): Cell {
  const each = costMs(rate);
  const next = Math.max(paidOffAt, now) + each;
  const waitMs = next - each * rate.burst - now;
  // What is left of a millisecond is no reason to refuse.
  if (waitMs > 0.001) return { verdict: { allowed: false, retryAfterMs: Math.ceil(waitMs) }, paidOffAt };
  return { verdict: { allowed: true, retryAfterMs: 0 }, paidOffAt: next };
}

/** How long it takes to pay off one. */
export const costMs = ({ limit, perMs }: Rate): number => perMs / limit;

/** What one process allows itself alone while it cannot ask the others. */
export const quarterOf = ({ limit, perMs, burst }: Rate): Rate => ({
  limit: limit / 4,
  perMs,
  burst: Math.max(1, Math.floor(burst / 4)),
});
