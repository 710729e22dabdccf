import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spansOf } from './spans.ts';

const DAY_MS = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

it('takes whole months, and days before and after them', () => {
  expect(spansOf('2026-01-30T05:00:00.000Z', '2026-04-02T12:00:00.000Z')).toEqual([
    { grain: 'day', from: '2026-01-30T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
    { grain: 'month', from: '2026-02-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' },
    { grain: 'day', from: '2026-04-01T00:00:00.000Z', to: '2026-04-02T12:00:00.000Z' },
  ]);
});

it('takes days only within a month, be it the last one that there is', () => {
  expect(spansOf('9999-12-02T00:00:00.000Z', '9999-12-31T00:00:00.000Z').map(({ grain }) => grain)).toEqual(['day']);
});

it('has each day of a range once, and no other', () => {
  const times = fc.integer({ min: Date.parse('0001-01-01T00:00:00Z'), max: Date.parse('9990-01-01T00:00:00Z') });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 1_000 * DAY_MS }), (begin, length) => {
      const [from, to] = [iso(begin), iso(begin + length)];
      const days: string[] = [];
      for (const span of spansOf(from, to)) {
        const [first, last] = [Date.parse(span.from), Date.parse(span.to)];
        for (let at = first; at < last; at += DAY_MS) days.push(iso(at));
        if (span.grain === 'month')
          expect([first, last].map((at) => iso(at).slice(8))).toEqual(Array(2).fill('01T00:00:00.000Z'));
      }
      const expected: string[] = [];
      for (let at = Math.floor(begin / DAY_MS) * DAY_MS; at < begin + length; at += DAY_MS) expected.push(iso(at));
      expect(days).toEqual(expected);
    }),
  );
});
