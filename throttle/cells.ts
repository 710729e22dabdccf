import { takeOne } from './gcra.ts';
import type { Rate, Verdict } from './throttle.ts';

/** Most keys that are not paid off. A key more is refused: forgetting one would open it. */
const MOST = 100_000;
/** What a key beyond the most is told: soon, many others are paid off. */
const FULL: Verdict = { allowed: false, retryAfterMs: 1_000 };
/** Keys that are paid off are looked for at most this often. */
const SWEEP_MS = 100;

/** What has been taken, as far as this process knows. */
export interface Cells {
  take(key: string, rate: Rate): Verdict;
  look(key: string, rate: Rate): Verdict;
  /** Others have taken as much as takes `ms` to pay off. */
  add(key: string, ms: number): void;
}

export function createCells({ now = Date.now, most = MOST }: { now?: () => number; most?: number } = {}): Cells {
  const cells = new Map<string, number>();
  let sweptAt = 0;
  const hasRoom = (key: string): boolean => {
    if (cells.size < most || cells.has(key)) return true;
    if (now() - sweptAt < SWEEP_MS) return false;
    sweptAt = now();
    for (const [each, paidOffAt] of cells) if (paidOffAt <= now()) cells.delete(each);
    return cells.size < most;
  };
  const judge = (key: string, rate: Rate) => takeOne(cells.get(key) ?? 0, rate, now());
  return {
    take: (key, rate) => {
      const { verdict, paidOffAt } = judge(key, rate);
      if (!verdict.allowed) return verdict;
      if (!hasRoom(key)) return FULL;
      cells.set(key, paidOffAt);
      return verdict;
    },
    look: (key, rate) => judge(key, rate).verdict,
    add: (key, ms) => {
      if (hasRoom(key)) cells.set(key, Math.max(cells.get(key) ?? 0, now()) + ms);
    },
  };
}
