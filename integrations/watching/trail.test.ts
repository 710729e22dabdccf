import { expect, it } from 'vitest';
import { shortHash } from './seen.ts';
import { advance, newTrail, seenOf, type Trail } from './trail.ts';

const look = (at: number, end: number) => ({ at, end, seen: [shortHash(String(end))] });
const LATE = 1_000;

it('looks again at what is not old enough, and remembers what it saw there', () => {
  let trail: Trail<number> = newTrail(10);
  trail = advance(trail, look(0, 11), { now: 0, lateMs: LATE });
  trail = advance(trail, look(600, 12), { now: 600, lateMs: LATE });
  expect(trail.done).toBe(10);
  expect(seenOf(trail)).toEqual(new Set([shortHash('11'), shortHash('12')]));
  trail = advance(trail, null, { now: 1_200, lateMs: LATE });
  expect(trail.done).toBe(11);
  expect(seenOf(trail)).toEqual(new Set([shortHash('12')]));
  expect(advance(trail, null, { now: 9_999, lateMs: LATE })).toEqual({ done: 12, looks: [] });
});

it('keeps a bounded number of hashes', () => {
  let trail: Trail<number> = newTrail(0);
  for (let round = 1; round <= 100; round++) {
    const seen = Array.from({ length: 500 }, (_, index) => shortHash(`${round}/${index}`));
    trail = advance(trail, { at: round, end: round, seen }, { now: round, lateMs: 1_000_000 });
  }
  expect(seenOf(trail).size).toBe(4_000);
  expect(trail.done).toBe(92);
});
