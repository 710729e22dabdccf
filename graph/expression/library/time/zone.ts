/** Instants and wall clocks. What a clock shows is kept as the milliseconds at which a UTC clock would show it. */
import { fail } from '../../error.ts';
import { charge } from '../../fuel.ts';
import { NeedsData } from '../../reference.ts';
import type { Fuel } from '../../types.ts';
import { kindOf } from '../../values.ts';
import { DAY_MS } from './calendar.ts';

/** An IANA name, or null for UTC. */
export type Zone = string | null;

/** Fuel of one lookup of an offset (measured: 3 to 7 µs), and of the first lookup for a zone (up to 0.4 ms). */
const ASKING = 100;
const OPENING = 2000;

/** Zones that an evaluation has paid for. Kept per evaluation, and not per process, so that a price never varies. */
const opened = new WeakMap<Fuel, Set<string>>();

/** The zone argument of a call; UTC if there is none. A null value is refused, because it would silently mean UTC. */
export function zoneAt(args: readonly unknown[], index: number): Zone {
  if (index >= args.length) return null;
  const given = args[index];
  if (typeof given !== 'string')
    return fail('type', `A time zone is a text such as 'Europe/Berlin', not ${kindOf(given)}.`);
  return given.toUpperCase() === 'UTC' ? null : given;
}

/**
 * How many milliseconds the clocks of a zone are ahead of UTC at an instant.
 *
 * @throws NeedsData if the rules of zones are not available here
 */
export function offsetAt(fuel: Fuel, zone: Zone, ms: number): number {
  if (zone === null) return 0;
  if (fuel.zones === undefined) throw new NeedsData([], `The rules of the time zone ${zone.slice(0, 64)} are needed.`);
  pay(fuel, zone);
  return (
    fuel.zones.offsetAt(zone, ms) ??
    fail('argument', `There is no time zone "${zone.slice(0, 60)}". Use an IANA name, such as Europe/Berlin.`)
  );
}

function pay(fuel: Fuel, zone: string): void {
  const paid = opened.get(fuel) ?? new Set();
  charge(fuel, paid.has(zone) ? ASKING : OPENING);
  opened.set(fuel, paid.add(zone));
}

/** What the clocks of a zone show at an instant. */
export const toWall = (fuel: Fuel, zone: Zone, ms: number): number => ms + offsetAt(fuel, zone, ms);

/**
 * The instant at which the clocks of a zone show a time. If the time occurs twice, because clocks are put back, the
 * first instant is taken. If the time is skipped, because clocks are put forward, it moves later by the same amount.
 */
export function fromWall(fuel: Fuel, zone: Zone, wall: number): number {
  if (zone === null) return wall;
  // One day before and one day after: on either side of any change, because offsets are less than a day.
  const before = offsetAt(fuel, zone, wall - DAY_MS);
  const after = offsetAt(fuel, zone, wall + DAY_MS);
  if (before === after || offsetAt(fuel, zone, wall - before) === before) return wall - before;
  return offsetAt(fuel, zone, wall - after) === after ? wall - after : wall - before;
}
