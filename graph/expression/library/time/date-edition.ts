/** What the functions on times read and write, now and in plans compiled before zones were added. */
import { MAX_DATE_PATTERN } from '../../../limits.ts';
import { fail } from '../../error.ts';
import type { Fuel } from '../../types.ts';
import { kindOf } from '../../values.ts';
import { text } from '../arguments.ts';
import { isoWeek, MAX_TIME_MS, parseIso, toInstant, toIso, toParts, type Written, weekday } from './calendar.ts';
import { formatOffset, type Tokens } from './date-format.ts';
import { readTime } from './date-parse.ts';
import { dayOfYear, inRange } from './date-units.ts';
import { fromWall, offsetAt, type Zone } from './zone.ts';

/** What an edition of the functions on times reads and writes. A plan keeps the edition that it was compiled with. */
export interface Edition {
  readonly parse: (text: string) => number;
  readonly parts: readonly string[];
  readonly tokens: Tokens;
  /** Fuel of a call (measured: reading, moving and writing a time takes 1 to 2 µs). */
  readonly price: number;
}

/** The parts of a time, from what the clock shows and how far the clock is ahead of UTC. */
export const PARTS: Readonly<Record<string, (wall: number, offset: number) => number>> = {
  year: (wall) => toParts(wall).year,
  month: (wall) => toParts(wall).month,
  day: (wall) => toParts(wall).day,
  hour: (wall) => toParts(wall).hour,
  minute: (wall) => toParts(wall).minute,
  second: (wall) => toParts(wall).second,
  millisecond: (wall) => toParts(wall).millisecond,
  weekday,
  dayOfYear,
  quarter: (wall) => Math.ceil(toParts(wall).month / 3),
  week: (wall) => isoWeek(wall).week,
  weekYear: (wall) => isoWeek(wall).year,
  offset: (_wall, offset) => offset / 60_000,
};
const EARLIER_PARTS = Object.keys(PARTS).slice(0, 9);

/** The current edition. */
export const CURRENT: Edition = {
  parse: (source) => toInstant(readTime(source)),
  parts: Object.keys(PARTS),
  tokens: 'current',
  price: 24,
};
/** The edition before zones, when all times were ISO texts. */
export const EARLIER: Edition = { parse: parseIso, parts: EARLIER_PARTS, tokens: 'earlier', price: 0 };

/** Milliseconds since 1970 of a written time, or of a number of milliseconds. */
export function moment(value: unknown, edition: Edition): number {
  const ms = typeof value === 'string' ? edition.parse(value) : value;
  if (typeof ms !== 'number') return fail('type', `A time is an ISO text or milliseconds, not ${kindOf(value)}.`);
  if (Math.abs(ms) <= MAX_TIME_MS) return Math.trunc(ms);
  return fail('argument', `Not a time: ${String(value).slice(0, 60)}. Write it as 2026-01-31T12:00:00Z.`);
}

/** ISO text in UTC. */
export const iso = (ms: number): string => toIso(inRange(ms));

/** ISO text with the offset of the zone; for UTC, with a Z. */
export function isoIn(fuel: Fuel, zone: Zone, ms: number): string {
  if (zone === null) return iso(ms);
  const offset = offsetAt(fuel, zone, ms);
  return iso(ms + offset).replace('Z', formatOffset(offset));
}

/** The name of a part. */
export function part(value: unknown, known: readonly string[] = CURRENT.parts): string {
  const name = text(value, 'A part');
  return known.includes(name) ? name : fail('argument', `A part is one of ${known.join(', ')}.`);
}

/** A pattern of `date.format`. */
export function datePattern(value: unknown): string {
  const given = text(value, 'A pattern');
  return given.length <= MAX_DATE_PATTERN
    ? given
    : fail('argument', `A pattern has at most ${MAX_DATE_PATTERN} characters.`);
}

/** The instant of a written time, which is in the zone unless it has its own offset; null if there is no time. */
export function instantOf(fuel: Fuel, zone: Zone, written: Written | null): string | null {
  if (written === null) return null;
  const ms = written.offset === null ? fromWall(fuel, zone, inRange(written.wall)) : toInstant(written);
  return Math.abs(ms) <= MAX_TIME_MS ? toIso(ms) : null;
}
