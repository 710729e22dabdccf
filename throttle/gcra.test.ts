import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCells } from './cells.ts';
import { quarterOf } from './gcra.ts';
import type { Rate } from './throttle.ts';

/** Cells with a clock that a test sets. */
function useCells(most?: number) {
  const clock = { at: 1_800_000_000_000 };
  const cells = createCells({ now: () => clock.at, ...(most === undefined ? {} : { most }) });
  const takes = (count: number, rate: Rate, key = 'k') =>
    Array.from({ length: count }, () => cells.take(key, rate)).filter(({ allowed }) => allowed).length;
  return { clock, cells, takes };
}
const RATE: Rate = { limit: 10, perMs: 1_000, burst: 20 };

describe('a rate', () => {
  it('allows the burst at once and then the rate, to each key', () => {
    const { clock, takes } = useCells();
    expect([takes(100, RATE), takes(100, RATE, 'other')]).toEqual([20, 20]);
    clock.at += 1_000;
    expect(takes(100, RATE)).toBe(10);
    clock.at += 100_000;
    expect(takes(100, RATE)).toBe(20);
  });

  it('says when to come again, and not a moment too early', () => {
    const { clock, cells, takes } = useCells();
    takes(20, RATE);
    const { retryAfterMs } = cells.take('k', RATE);
    expect(retryAfterMs).toBe(100);
    clock.at += retryAfterMs - 1;
    expect(cells.look('k', RATE).allowed).toBe(false);
    clock.at += 1;
    expect(cells.take('k', RATE)).toEqual({ allowed: true, retryAfterMs: 0 });
  });

  it('is not used up by looking, and looks stricter with a smaller burst', () => {
    const { cells, takes } = useCells();
    for (let n = 0; n < 100; n++) cells.look('k', RATE);
    expect(takes(5, RATE)).toBe(5);
    expect(cells.look('k', { ...RATE, burst: 5 }).allowed).toBe(false);
    expect(cells.look('k', { ...RATE, burst: 6 }).allowed).toBe(true);
  });

  it('counts what others have taken, also beyond the burst', () => {
    const { clock, cells, takes } = useCells();
    cells.add('k', 30 * 100);
    clock.at += 1_000;
    expect(takes(100, RATE)).toBe(0);
    clock.at += 1_000;
    expect(takes(100, RATE)).toBe(10);
  });

  it('never allows more than its burst and what time brings, in any window', () => {
    const steps = fc.array(fc.record({ waitMs: fc.nat(400), asks: fc.nat(12) }), { maxLength: 60 });
    const rates = fc.record({ limit: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(steps, rates, (trace, { limit, burst }) => {
        const { clock, takes } = useCells();
        const rate = { limit, perMs: 1_000, burst };
        const allowed: [at: number, count: number][] = trace.map(({ waitMs, asks }) => {
          clock.at += waitMs;
          return [clock.at, takes(asks, rate)];
        });
        for (const [from, [begun]] of allowed.entries()) {
          let sum = 0;
          for (const [at, count] of allowed.slice(from)) {
            sum += count;
            expect(sum).toBeLessThanOrEqual(burst + ((at - begun) * limit) / 1_000 + 1e-6);
          }
        }
      }),
    );
  });

  it('is at most a quarter for a process alone, and never nothing', () => {
    const { clock, takes } = useCells();
    const quarter = quarterOf(RATE);
    expect(takes(100, quarter)).toBe(5);
    clock.at += 2_000;
    expect(takes(100, quarter)).toBe(5);
    expect(useCells().takes(9, quarterOf({ limit: 1, perMs: 1_000, burst: 1 }))).toBe(1);
  });
});

describe('cells', () => {
  it('forget what is paid off, and refuse keys rather than forget one that is not', () => {
    const { clock, takes } = useCells(100);
    const one = (key: number) => takes(1, RATE, String(key));
    for (let key = 0; key < 100; key++) expect(one(key)).toBe(1);
    expect(one(100)).toBe(0);
    takes(19, RATE, '7');
    clock.at += 150;
    expect(one(100)).toBe(1);
    expect(takes(5, RATE, '7')).toBe(1);
  });
});
