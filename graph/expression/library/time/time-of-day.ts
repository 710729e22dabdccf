import { fail } from '../../error.ts';
import type { Fuel } from '../../types.ts';
import { text } from '../arguments.ts';
import { DAY_MS } from './calendar.ts';
import { inRange } from './date-units.ts';
import { fromWall, toWall, type Zone } from './zone.ts';

/** Milliseconds since midnight of a time of day such as `08:00` or `23:59:59`. */
export function clock(value: unknown): number {
  const given = text(value, 'A time of day');
  const found = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(given);
  const [hour, minute, second] = [found?.[1] ?? 24, found?.[2], found?.[3] ?? 0].map(Number) as [
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) {
    return fail('argument', `A time of day is written as 08:00 or 23:59:59, not "${given.slice(0, 40)}".`);
  }
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The instant at which the clock of the zone shows a time of day, on the zone's date of another instant. */
export const onDay = (fuel: Fuel, zone: Zone, ms: number, given: unknown): number =>
  atWall(fuel, zone, midnight(toWall(fuel, zone, ms)), given);

/** The first instant after another one at which the clock of the zone shows a time of day. */
export function nextAt(fuel: Fuel, zone: Zone, ms: number, given: unknown): number {
  const today = midnight(toWall(fuel, zone, ms));
  const first = atWall(fuel, zone, today, given);
  return first > ms ? first : atWall(fuel, zone, today + DAY_MS, given);
}

const midnight = (wall: number): number => Math.floor(wall / DAY_MS) * DAY_MS;

const atWall = (fuel: Fuel, zone: Zone, day: number, given: unknown): number =>
  fromWall(fuel, zone, inRange(day + clock(given)));
