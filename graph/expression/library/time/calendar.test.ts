import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TIME_MS, parseIso, toIso, toMs, toParts, weekday } from './calendar.ts';

const moments = fc.integer({ min: -MAX_TIME_MS, max: MAX_TIME_MS });

describe('the calendar', () => {
  it('agrees with Date in UTC over its whole span', () => {
    fc.assert(
      fc.property(moments, (ms) => {
        const real = new Date(ms);
        expect(toIso(ms)).toBe(real.toISOString());
        expect(parseIso(real.toISOString())).toBe(ms);
        expect(weekday(ms)).toBe(real.getUTCDay() === 0 ? 7 : real.getUTCDay());
        expect(toMs(toParts(ms))).toBe(ms);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T10:11', '2026-01-31T10:11:00.000Z'],
    ['2026-01-31T10:11:12,5+02:30', '2026-01-31T07:41:12.500Z'],
    ['2026-01-31 10:11:12-0500', '2026-01-31T15:11:12.000Z'],
    ['2026-01-31t24:00z', '2026-02-01T00:00:00.000Z'],
    ['2026-01-31T10:11:12.123456789Z', '2026-01-31T10:11:12.123Z'],
  ])('reads %s', (text, iso) => {
    expect(toIso(parseIso(text))).toBe(iso);
  });

  it.each([
    '',
    '2026',
    '2026-13-01',
    '2026-02-29',
    '2026-01-31T25:00',
    '2026-01-31T24:01',
    '2026-01-31T10:00+24:00',
    '2026-01-31T10:00+02:60',
    '2026-1-1',
    'Jan 1 2026',
    `2026-01-01${'0'.repeat(99)}`,
  ])('refuses %j', (text) => {
    expect(parseIso(text)).toBeNaN();
  });
});
