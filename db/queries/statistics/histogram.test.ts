import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addUp, binOf, percentiles } from './histogram.ts';

it('a percentile is right within five per cent and a millisecond', () => {
  const durations = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95), (all, share) => {
      const found = percentiles(addUp(all.map((ms) => ({ [binOf(ms)]: 1 }))), [share])[0]!;
      const exact = [...all].sort((a, b) => a - b)[Math.ceil(share * all.length) - 1]!;
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.05 + 1);
    }),
  );
});

it('there is none of nothing', () => {
  expect(percentiles({}, [0.5, 0.95])).toEqual([null, null]);
});
