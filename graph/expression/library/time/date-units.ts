/** Arithmetic with units of time, on instants and wall clocks. */
import { fail } from '../../error.ts';
import type { Fuel } from '../../types.ts';
import { text } from '../arguments.ts';
import { DAY_MS, daysInMonth, MAX_TIME_MS, type Parts, toMs, toParts, weekday } from './calendar.ts';
import { fromWall, offsetAt, toWall, type Zone } from './zone.ts';

/** Milliseconds of the units that have the same length on every clock. */
const EXACT: Readonly<Record<string, number>> = { milliseconds: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000 };
/** Days of the units that begin at midnight. If clocks change, such a unit may be an hour longer or shorter. */
const DAYS: Readonly<Record<string, number>> = { days: 1, weeks: 7 };
/** Months of the units whose number of days varies. */
const MONTHS: Readonly<Record<string, number>> = { months: 1, quarters: 3, years: 12 };

/** Names of the units, in the plural. */
export const UNITS = [EXACT, DAYS, MONTHS].flatMap((units) => Object.keys(units));

/** A unit in the plural: `day` and `days` mean the same. */
export function unit(value: unknown): string {
  const name = text(value, 'A unit');
  const plural = name.endsWith('s') ? name : `${name}s`;
  return UNITS.includes(plural)
    ? plural
    : fail('argument', `A unit is one of ${UNITS.join(', ')}, not "${name.slice(0, 40)}".`);
}

/** That many units later, by the calendar and the clocks of the zone: a day later it is the same time of day. */
export function shift(fuel: Fuel, zone: Zone, ms: number, count: number, name: string): number {
  const exact = EXACT[name];
  if (exact !== undefined) return ms + Math.trunc(count * exact);
  if (count === 0) return ms;
  const wall = toWall(fuel, zone, ms);
  const days = DAYS[name];
  const moved =
    days !== undefined
      ? wall + Math.trunc(count * days * DAY_MS)
      : addMonths(wall, Math.trunc(count) * (MONTHS[name] ?? 1));
  return fromWall(fuel, zone, inRange(moved));
}

/** How many units one instant is after another: whole months, quarters and years; other units with a fraction. */
export function difference(fuel: Fuel, zone: Zone, from: number, to: number, name: string): number {
  const exact = EXACT[name];
  if (exact !== undefined) return (to - from) / exact;
  const [a, b] = [toWall(fuel, zone, from), toWall(fuel, zone, to)];
  const days = DAYS[name];
  return days !== undefined ? (b - a) / (days * DAY_MS) : Math.trunc(monthsBetween(a, b) / (MONTHS[name] ?? 1));
}

/** The first instant of the unit that an instant lies in. Weeks begin on Monday. */
export function startOf(fuel: Fuel, zone: Zone, ms: number, name: string): number {
  const exact = EXACT[name];
  if (exact === undefined) return fromWall(fuel, zone, floor(toWall(fuel, zone, ms), name));
  const offset = offsetAt(fuel, zone, ms);
  return Math.floor((ms + offset) / exact) * exact - offset;
}

/** The last millisecond of the unit that an instant lies in. */
export function endOf(fuel: Fuel, zone: Zone, ms: number, name: string): number {
  const exact = EXACT[name];
  if (exact !== undefined) return startOf(fuel, zone, ms, name) + exact - 1;
  const start = floor(toWall(fuel, zone, ms), name);
  const days = DAYS[name];
  const next = days !== undefined ? start + days * DAY_MS : addMonths(start, MONTHS[name] ?? 1);
  return fromWall(fuel, zone, inRange(next)) - 1;
}

/** The day of the year, from 1. */
export const dayOfYear = (wall: number): number => Math.floor((wall - floor(wall, 'years')) / DAY_MS) + 1;

/** The first moment of a day or a longer unit, on a wall clock. */
function floor(wall: number, name: string): number {
  const day = Math.floor(wall / DAY_MS) * DAY_MS;
  if (name === 'days') return day;
  if (name === 'weeks') return day - (weekday(wall) - 1) * DAY_MS;
  const { year, month } = toParts(wall);
  const size = MONTHS[name] ?? 1;
  const start: Parts = { year, month, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  return toMs({ ...start, month: Math.floor((month - 1) / size) * size + 1 });
}

/** A day that the month lacks becomes the last day of the month: 31 January plus a month is 28 February. */
function addMonths(wall: number, count: number): number {
  const parts = toParts(wall);
  const months = parts.year * 12 + parts.month - 1 + count;
  if (!(Math.abs(months) < 4_000_000)) return fail('argument', 'The time is out of range.');
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return toMs({ ...parts, year, month, day: Math.min(parts.day, daysInMonth(year, month)) });
}

/** Whole months from one moment to another. */
function monthsBetween(from: number, to: number): number {
  const [a, b] = [toParts(from), toParts(to)];
  const whole = (b.year - a.year) * 12 + b.month - a.month;
  if (whole > 0 && addMonths(from, whole) > to) return whole - 1;
  return whole < 0 && addMonths(from, whole) < to ? whole + 1 : whole;
}

/** The time, if it is within the span of dates. */
export const inRange = (ms: number): number =>
  Math.abs(ms) <= MAX_TIME_MS ? ms : fail('argument', 'The time is out of range.');
