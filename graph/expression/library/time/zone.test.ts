import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUEL_PER_EXPRESSION } from '../../../limits.ts';
import { ExpressionError, evaluate, NeedsData, newFuel, parseExpression, zoneRules } from '../../index.ts';
import type { Fuel } from '../../types.ts';
import { fromWall, toWall } from './zone.ts';

const fresh = (): Fuel => newFuel(FUEL_PER_EXPRESSION, zoneRules);

function run(source: string, input: unknown = null, fuel = fresh()): unknown {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return evaluate(parsed.ast, { input }, fuel);
}

/** Dates as `Intl` shows them: another implementation of zones, which shares nothing with ours except the rules. */
function shown(ms: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}

const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Tehran'],
  ...['Africa/Casablanca', 'Pacific/Apia', 'America/Havana', 'America/Sao_Paulo', 'Africa/Monrovia', 'Asia/Tokyo'],
];

describe('time zones', () => {
  it.each([
    ["date.format('2026-03-29T06:00:00Z', 'DD.MM.YY, HH:mm', 'Europe/Berlin')", '29.03.26, 08:00'],
    ["date.next('2026-03-28T12:00:00Z', '08:00', 'Europe/Berlin')", '2026-03-29T06:00:00.000Z'],
    ["date.next('2026-03-29T06:00:00Z', '08:00', 'Europe/Berlin')", '2026-03-30T06:00:00.000Z'],
    ["date.next('2026-03-29T05:59:59.999Z', '08:00', 'Europe/Berlin')", '2026-03-29T06:00:00.000Z'],
    ["date.at('2026-03-29T22:30:00Z', '08:00', 'Europe/Berlin')", '2026-03-30T06:00:00.000Z'],
    ["date.add('2026-03-28T07:00:00Z', 1, 'day', 'Europe/Berlin')", '2026-03-29T06:00:00.000Z'],
    ["date.add('2026-03-28T07:00:00Z', 24, 'hours', 'Europe/Berlin')", '2026-03-29T07:00:00.000Z'],
    ["date.add('2026-01-30T23:30:00Z', 1, 'month', 'Europe/Berlin')", '2026-02-27T23:30:00.000Z'],
    ["date.diff('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 'days', 'Europe/Berlin')", 1],
    ["date.diff('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 'hours', 'Europe/Berlin')", 23],
    ["date.startOf('2026-03-29T12:00:00Z', 'day', 'Europe/Berlin')", '2026-03-28T23:00:00.000Z'],
    ["date.endOf('2026-03-29T12:00:00Z', 'day', 'Europe/Berlin')", '2026-03-29T21:59:59.999Z'],
    ["date.startOf('2026-03-01T04:00:00Z', 'month', 'America/New_York')", '2026-02-01T05:00:00.000Z'],
    ["date.endOf('2026-03-01T04:00:00Z', 'month', 'America/New_York')", '2026-03-01T04:59:59.999Z'],
    ["date.startOf('2026-03-30T02:00:00Z', 'week', 'America/New_York')", '2026-03-23T04:00:00.000Z'],
    ["date.endOf('2026-12-31T23:30:00Z', 'year', 'Europe/Berlin')", '2027-12-31T22:59:59.999Z'],
    ["date.startOf('2026-02-18T10:20:00Z', 'hour', 'Asia/Kathmandu')", '2026-02-18T10:15:00.000Z'],
    ["date.get('2026-03-01T04:00:00Z', 'weekday', 'America/New_York')", 6],
    ["date.get('2026-03-01T04:00:00Z', 'weekday')", 7],
    ["date.get('2026-07-01T00:00:00Z', 'offset', 'Asia/Kathmandu')", 345],
    ["date.iso('2026-07-01T12:00:00Z', 'America/St_Johns')", '2026-07-01T09:30:00.000-02:30'],
    ["date.format(0, 'YYYY-MM-DDTHH:mm:ssZ ZZ', 'Europe/London')", '1970-01-01T01:00:00+01:00 +0100'],
    ["date.format(0, 'YYYY-MM-DDTHH:mm:ssZ')", '1970-01-01T00:00:00Z'],
    ["date.parse('2026-07-01T08:00', null, 'Europe/Berlin')", '2026-07-01T06:00:00.000Z'],
    ["date.parse('2026-07-01T08:00Z', null, 'Europe/Berlin')", '2026-07-01T08:00:00.000Z'],
    ["date.parse('1/7/26 8:05 pm', 'D/M/YY h:mm a', 'America/New_York')", '2026-07-02T00:05:00.000Z'],
  ])('%s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });

  it('a time that clocks skip is moved later by as much as the clocks are put forward', () => {
    expect(run("date.at('2026-03-29T00:00:00Z', '02:30', 'Europe/Berlin')")).toBe('2026-03-29T01:30:00.000Z');
    // Apia skipped a whole day.
    expect(run("date.parse('2011-12-30', null, 'Pacific/Apia')")).toBe('2011-12-30T10:00:00.000Z');
    // If midnight is skipped, the day starts at one.
    expect(run("date.startOf('2018-11-04T12:00:00Z', 'day', 'America/Sao_Paulo')")).toBe('2018-11-04T03:00:00.000Z');
  });

  it('takes the first instant of a time that occurs twice; the start of the hour is in the same hour', () => {
    expect(run("date.at('2026-10-25T12:00:00Z', '02:30', 'Europe/Berlin')")).toBe('2026-10-25T00:30:00.000Z');
    expect(run("date.startOf('2026-10-25T01:45:00Z', 'hour', 'Europe/Berlin')")).toBe('2026-10-25T01:00:00.000Z');
    expect(run("date.endOf('2026-10-25T00:45:00Z', 'hour', 'Europe/Berlin')")).toBe('2026-10-25T00:59:59.999Z');
    // Havana has midnight twice.
    expect(run("date.startOf('2026-11-01T05:30:00Z', 'day', 'America/Havana')")).toBe('2026-11-01T04:00:00.000Z');
  });

  it('shows what Intl shows, and finds the instant again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: -1_000_000_000, max: 4_000_000_000 }),
        (zone, seconds) => {
          const ms = seconds * 1000;
          expect(run("date.format(input.ms, 'YYYY-MM-DD HH:mm:ss', input.zone)", { ms, zone })).toBe(shown(ms, zone));
          const wall = toWall(fresh(), zone, ms);
          const back = fromWall(fresh(), zone, wall);
          // The clock shows the same then, and never earlier than the first time it does.
          expect(toWall(fresh(), zone, back)).toBe(wall);
          expect(back).toBeLessThanOrEqual(ms);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('finds an instant for every time on the wall, or a later instant if the time lies in a gap', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const wall = seconds * 1000;
        const over = toWall(fresh(), zone, fromWall(fresh(), zone, wall)) - wall;
        expect(over).toBeGreaterThanOrEqual(0);
        expect(over).toBeLessThanOrEqual(86_400_000);
      }),
      { numRuns: 500 },
    );
  });

  it('starts a day at the first moment that has its date, and ends it at the last', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), fc.integer({ min: 0, max: 2_500_000_000 }), (zone, seconds) => {
        const ms = seconds * 1000;
        const read = (source: string) => Date.parse(run(source, { ms, zone }) as string);
        const [start, end] = [
          read("date.startOf(input.ms, 'day', input.zone)"),
          read("date.endOf(input.ms, 'day', input.zone)"),
        ];
        const day = (at: number) => shown(at, zone).slice(0, 10);
        expect([day(start), day(end)]).toEqual([day(ms), day(ms)]);
        expect([day(start - 1), day(end + 1)]).not.toContain(day(ms));
      }),
      { numRuns: 300 },
    );
  });

  it('says what is wrong with a zone: at validation if it is constant, else when it runs', () => {
    for (const zone of ["'Europe/Berln'", "'+02:00'", "''", "'CEST'", '2', 'null']) {
      expect(parseExpression(`date.format(now, 'HH', ${zone})`), zone).toMatchObject({
        ok: false,
        problem: { code: 'wrong-arguments' },
      });
    }
    const format = "date.format(0, 'HH', input)";
    expect(() => run(format, 'Europe/Berln')).toThrow(
      'There is no time zone "Europe/Berln". Use an IANA name, such as Europe/Berlin.',
    );
    for (const nothing of [null, undefined, 1, {}])
      expect(() => run(format, nothing)).toThrow(/^A time zone is a text/);
    for (const other of ['+02:00', '__proto__', 'constructor', 'a'.repeat(100_000)])
      expect(() => run(format, other)).toThrow(ExpressionError);
  });

  it('asks for missing rules only if a zone other than UTC is named', () => {
    const without = (source: string) => run(source, null, newFuel());
    expect(without("date.format(0, 'HH:mm')")).toBe('00:00');
    expect(without("date.format(0, 'HH:mm Z', 'UTC')")).toBe('00:00 Z');
    expect(without("true || date.get(0, 'hour', 'Europe/Berlin') == 1")).toBe(true);
    expect(() => without("date.get(0, 'hour', 'Europe/Berlin')")).toThrow(NeedsData);
  });

  it('costs fuel, and most of all for the first lookup in a zone', () => {
    const used = (source: string) => {
      const fuel = fresh();
      run(source, null, fuel);
      return FUEL_PER_EXPRESSION - fuel.left;
    };
    const once = used("date.get(0, 'hour', 'Europe/Berlin')");
    expect(once).toBeGreaterThan(2000);
    expect(used("date.get(0, 'hour', 'Europe/Berlin')")).toBe(once);
    expect(used("[1, 2].map(x => date.get(x, 'hour', 'Europe/Berlin'))") - once).toBeLessThan(300);
    expect(() => run("Array.from({ length: 5000 }, (_, i) => date.get(i, 'hour', 'Europe/Berlin'))")).toThrow(
      expect.objectContaining({ reason: 'fuel' }),
    );
  });
});
