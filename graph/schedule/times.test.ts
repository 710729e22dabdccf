import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallOf } from './clock-changes.ts';
import { type Cron, fitsClock, parseCron } from './cron.ts';
import { firingKey, isSameInUtc, nextTimes, type Times, timesAtChanges } from './times.ts';

const times = (cron: string | string[], zone: string, more: Partial<Times> = {}): Times => ({
  crons: [cron].flat().map((text) => parseCron(text) as Cron),
  everyMs: null,
  zone,
  start: null,
  end: null,
  ...more,
});
const iso = (list: readonly number[]) => list.map((at) => new Date(at).toISOString().replace(':00.000Z', 'Z'));
const between = (given: Times, from: string, until: string) =>
  iso(nextTimes(given, { from: Date.parse(from), until: Date.parse(until), count: 1_000 }));

describe('next times where the clock is changed', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28', '2026-03-31', ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-30T00:30Z']],
    ['Europe/Berlin', '2026-10-24', '2026-10-27', ['2026-10-24T00:30Z', '2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['America/New_York', '2026-03-07', '2026-03-10', ['2026-03-07T07:30Z', '2026-03-08T07:00Z', '2026-03-09T06:30Z']],
    ['America/New_York', '2026-11-01', '2026-11-03', ['2026-11-01T07:30Z', '2026-11-02T07:30Z']],
    ['Asia/Kolkata', '2026-03-28', '2026-03-30', ['2026-03-28T21:00Z', '2026-03-29T21:00Z']],
  ])('a time of the day happens once a day: 02:30 in %s from %s', (zone, from, until, expected) => {
    expect(between(times('30 2 * * *', zone), `${from}T00:00:00Z`, `${until}T00:00:00Z`)).toEqual(expected);
  });

  it('holds for changes by half an hour', () => {
    const given = times('15 2 * * *', 'Australia/Lord_Howe');
    // The clock goes from 02:00 to 02:30.
    expect(between(given, '2026-10-03T12:00:00Z', '2026-10-04T12:00:00Z')).toEqual(['2026-10-03T15:30Z']);
    // The clock goes from 02:00 back to 01:30.
    const twice = times('45 1 * * *', 'Australia/Lord_Howe');
    expect(between(twice, '2026-04-04T12:00:00Z', '2026-04-05T12:00:00Z')).toEqual(['2026-04-04T14:45Z']);
  });

  it.each([
    // Midnight itself is skipped: the day begins at one.
    ['0 0 * * *', 'Africa/Cairo', '2026-04-23', '2026-04-25', ['2026-04-23T22:00Z', '2026-04-24T21:00Z']],
    ['0 0 * * *', 'America/Havana', '2026-03-07', '2026-03-09', ['2026-03-07T05:00Z', '2026-03-08T05:00Z']],
    // The last hour of a day comes twice.
    ['30 23 * * *', 'America/Santiago', '2026-04-04', '2026-04-06', ['2026-04-04T02:30Z', '2026-04-05T02:30Z']],
    // By quarters of an hour, with and without changes.
    ['15 3 * * *', 'Pacific/Chatham', '2026-09-26', '2026-09-28', ['2026-09-26T14:00Z', '2026-09-27T13:30Z']],
    ['0 6 * * *', 'Asia/Kathmandu', '2026-03-28', '2026-03-30', ['2026-03-28T00:15Z', '2026-03-29T00:15Z']],
    // By two hours.
    [
      '30 1 * * *',
      'Antarctica/Troll',
      '2026-03-28',
      '2026-03-30',
      ['2026-03-28T01:30Z', '2026-03-29T01:00Z', '2026-03-29T23:30Z'],
    ],
    // A whole day is skipped, and the day behind it is not.
    [
      '0 9 * * *',
      'Pacific/Apia',
      '2011-12-29',
      '2011-12-31',
      ['2011-12-29T19:00Z', '2011-12-30T10:00Z', '2011-12-30T19:00Z'],
    ],
  ])('%s in %s from %s', (cron, zone, from, until, expected) => {
    expect(between(times(cron, zone), `${from}T00:00:00Z`, `${until}T00:00:00Z`)).toEqual(expected);
  });

  it('fires on the 29th of February of leap years only, and on the last days that a month has', () => {
    const leap = times('0 12 29 2 *', 'Asia/Kathmandu');
    expect(between(leap, '2096-01-01T00:00:00Z', '2105-01-01T00:00:00Z')).toEqual([
      '2096-02-29T06:15Z',
      '2104-02-29T06:15Z',
    ]);
    const last = times('0 0 31 * *', 'Europe/Berlin');
    const days = between(last, '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z').map((at) => at.slice(5, 10));
    expect(days).toEqual(['01-30', '03-30', '05-30', '07-30', '08-30', '10-30', '12-30']);
    const either = times('0 0 29 2 mon', 'UTC');
    expect(between(either, '2028-02-27T00:00:00Z', '2028-03-07T00:00:00Z')).toEqual([
      '2028-02-28T00:00Z',
      '2028-02-29T00:00Z',
    ]);
  });

  it('takes hours with a star as intervals', () => {
    const hourly = between(times('30 * * * *', 'Europe/Berlin'), '2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z');
    expect(hourly).toEqual(['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z']);
    const spring = between(times('30 * * * *', 'Europe/Berlin'), '2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z');
    expect(spring).toEqual(['2026-03-29T00:30Z', '2026-03-29T01:30Z', '2026-03-29T02:30Z']);
  });

  it('leaves out no interval where a clock is set back within an hour', () => {
    // 03:45 becomes 02:45, so that the hour of three begins before, and goes on after it.
    const given = times('*/15 * * * *', 'Pacific/Chatham');
    const found = between(given, '2026-04-04T13:00:00Z', '2026-04-04T15:00:00Z').map((at) => at.slice(11, 16));
    expect(found).toEqual(['13:00', '13:15', '13:30', '13:45', '14:00', '14:15', '14:30', '14:45']);
  });

  it('makes up several times of one gap at once', () => {
    const given = times(['*/10 2 * * *', '0 3 * * *'], 'Europe/Berlin');
    expect(between(given, '2026-03-29T00:00:00Z', '2026-03-29T04:00:00Z')).toEqual(['2026-03-29T01:00Z']);
  });

  it('names the times around changes that Temporal does not find', () => {
    const now = Date.parse('2026-01-01');
    const range = { now, from: now, until: Date.parse('2027-01-01') };
    expect(iso(timesAtChanges(times('30 2 * * *', 'Europe/Berlin'), range))).toEqual([
      '2026-03-29T01:00Z',
      '2026-10-25T00:30Z',
    ]);
    expect(timesAtChanges(times('30 12 * * *', 'Europe/Berlin'), range)).toEqual([]);
    expect(timesAtChanges(times('30 2 * * *', 'Asia/Kolkata'), range)).toEqual([]);
    expect(timesAtChanges(times('* * 2 * * *', 'Europe/Berlin'), range).length).toBeLessThanOrEqual(2_000);
  });

  it('knows which expressions mean the same in UTC', () => {
    const [from, until] = [Date.parse('2026-01-01'), Date.parse('2027-01-01')];
    const same = (cron: string, zone: string) => isSameInUtc(times(cron, zone), from, until);
    expect(same('*/15 * * * *', 'Europe/Berlin')).toBe(true);
    expect(same('7 * * * *', 'Europe/Berlin')).toBe(true);
    expect(same('7 * * * *', 'Australia/Lord_Howe')).toBe(false);
    expect(same('*/30 * * * *', 'Australia/Lord_Howe')).toBe(true);
    expect(same('7 */2 * * *', 'Europe/Berlin')).toBe(false);
    expect(same('7 * * * mon', 'Europe/Berlin')).toBe(false);
  });

  it('gives a time of the day the same key both times the clock shows it, and an interval two', () => {
    const [first, second] = [Date.parse('2026-10-25T00:30:00Z'), Date.parse('2026-10-25T01:30:00Z')];
    const daily = times('30 2 * * *', 'Europe/Berlin');
    expect(firingKey(daily, first)).toBe('2026-10-25T02:30:00.000[Europe/Berlin]');
    expect(firingKey(daily, second)).toBe(firingKey(daily, first));
    const mixed = times(['30 2 * * *', '*/30 * * * *'], 'Europe/Berlin');
    expect(firingKey(mixed, second)).not.toBe(firingKey(mixed, first));
    const every = times([], 'Europe/Berlin', { everyMs: 1_800_000 });
    expect(firingKey(every, second)).not.toBe(firingKey(every, first));
  });
});

it('finds rare days, keeps to start and end, and counts intervals from 1970 on', () => {
  expect(between(times('0 0 29 2 *', 'UTC'), '2026-01-01T00:00:00Z', '2033-01-01T00:00:00Z')).toEqual([
    '2028-02-29T00:00Z',
    '2032-02-29T00:00Z',
  ]);
  const limits = { start: Date.parse('2026-01-02T00:00:00Z'), end: Date.parse('2026-01-03T00:00:00Z') };
  expect(between(times('0 */12 * * *', 'UTC', limits), '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')).toEqual([
    '2026-01-02T00:00Z',
    '2026-01-02T12:00Z',
    '2026-01-03T00:00Z',
  ]);
  const every = times([], 'UTC', { everyMs: 90 * 60_000 });
  expect(between(every, '2026-01-01T00:00:01Z', '2026-01-01T04:00:00Z')).toEqual([
    '2026-01-01T01:30Z',
    '2026-01-01T03:00Z',
  ]);
});

it('agrees with a clock that is looked at every minute', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
  const days = ['2026-03-07', '2026-03-28', '2026-04-04', '2026-10-03', '2026-10-24', '2026-10-31', '2026-07-01'];
  const changes = [
    ...['Africa/Cairo 2026-04-23', 'Africa/Cairo 2026-10-29', 'America/Havana 2026-03-07', 'America/Havana 2026-10-31'],
    ...['America/Santiago 2026-04-04', 'America/Santiago 2026-09-05', 'Pacific/Chatham 2026-04-04'],
    ...['Pacific/Chatham 2026-09-26', 'Antarctica/Troll 2026-03-28', 'Antarctica/Troll 2026-10-24'],
    ...['Africa/Casablanca 2026-02-14', 'Africa/Casablanca 2026-03-21', 'Asia/Kathmandu 2026-07-01'],
  ].map((change) => change.split(' ') as [string, string]);
  const field = (most: number) => fc.oneof(fc.constant('*'), fc.integer({ min: 0, max: most }).map(String));
  fc.assert(
    fc.property(
      fc.oneof(fc.tuple(fc.constantFrom(...zones), fc.constantFrom(...days)), fc.constantFrom(...changes)),
      field(59),
      fc.oneof(fc.constantFrom('*', '*/2', '1-3', '2', '1'), field(23)),
      ([zone, day], minute, hour) => {
        const given = times(`${minute} ${hour} * * *`, zone);
        const from = Date.parse(`${day}T12:00:00Z`);
        const until = from + 26 * 3_600_000;
        expect(nextTimes(given, { from, until, count: 10_000 })).toEqual(lookedAt(given, from, until));
      },
    ),
    { numRuns: 200 },
  );
});

/** The same by looking at the clock: fires when it shows a time, once per shown time, and for what a jump has skipped. */
function lookedAt({ crons: [cron], zone }: Times, from: number, until: number): number[] {
  const shown = new Set<number>();
  const found: number[] = [];
  for (let at = from - 4 * 3_600_000; at < until; at += 60_000) {
    const wall = wallOf(zone, at);
    let fires = fitsClock(cron!, wall);
    if (cron!.isTimeOfDay) {
      if (shown.has(wall)) fires = false;
      for (let skipped = wallOf(zone, at - 60_000) + 60_000; skipped < wall; skipped += 60_000)
        fires ||= fitsClock(cron!, skipped);
      shown.add(wall);
    }
    if (fires && at >= from) found.push(at);
  }
  return found;
}
