import { zoneRules } from '../expression/index.ts';

/** Further apart than the clocks of any two zones, so that UTC may stand for a local time. */
const AROUND_MS = 36 * 3_600_000;

/** A time that a clock shows is given as if it were UTC; an instant is in milliseconds since 1970. */
export const wallOf = (zone: string, instant: number): number => instant + offset(zone, instant);

/** Whether the clock is not changed within about a day and a half around a shown time. Gives the offset then. */
export function steadyOffset(zone: string, wall: number): number | null {
  const before = offset(zone, wall - AROUND_MS);
  return before === offset(zone, wall + AROUND_MS) ? before : null;
}

/** The offset around a shown time with which the clock shows it first. */
export const largestOffset = (zone: string, wall: number): number =>
  Math.max(offset(zone, wall - AROUND_MS), offset(zone, wall + AROUND_MS));

/**
 * When the clock shows a time: one instant; two where it is set back; none where it is set forward, and then `gapEnd` is
 * the instant right after the gap.
 */
export function instantsOf(zone: string, wall: number): { instants: number[]; gapEnd: number | null } {
  const before = offset(zone, wall - AROUND_MS);
  const after = offset(zone, wall + AROUND_MS);
  const instants = [...new Set([wall - before, wall - after])].filter((at) => wallOf(zone, at) === wall);
  if (instants.length > 0) return { instants: instants.sort((a, b) => a - b), gapEnd: null };
  return { instants: [], gapEnd: changeBetween(zone, wall - after - AROUND_MS, wall - before + AROUND_MS) };
}

/** When a clock is changed, and by how much. */
export interface Change {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** The changes of a zone's clock between two instants. */
export function changesOf(zone: string, from: number, to: number): Change[] {
  const changes: Change[] = [];
  // No rule changes the clock twice within a week.
  const step = 7 * 86_400_000;
  for (let start = from; start < to; start += step) {
    const [before, after] = [offset(zone, start), offset(zone, start + step)];
    if (after !== before) changes.push({ at: changeBetween(zone, start, start + step), before, after });
  }
  return changes;
}

/** The first instant with the offset that holds at `to`, where another one holds at `from`. */
function changeBetween(zone: string, from: number, to: number): number {
  const wanted = offset(zone, to);
  let [low, high] = [Math.floor(from / 1000), Math.floor(to / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(zone, middle * 1000) === wanted) high = middle;
    else low = middle;
  }
  return high * 1000;
}

function offset(zone: string, instant: number): number {
  const found = zoneRules.offsetAt(zone, instant);
  if (found === null) throw new Error(`There is no time zone ${zone}.`);
  return found;
}
