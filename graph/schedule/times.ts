import { changesOf, instantsOf, largestOffset, steadyOffset, wallOf } from './clock-changes.ts';
import { type Cron, fitsClock, fitsDay } from './cron.ts';

/** When a schedule fires: at the times of its crons, or at every multiple of an interval since 1970. */
export interface Times {
  readonly crons: readonly Cron[];
  readonly everyMs: number | null;
  readonly zone: string;
  /** Instants in milliseconds; both belong to the time in which it fires. */
  readonly start: number | null;
  readonly end: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Longest search for a day that fits: 29 February can be eight years away. */
const MAX_DAYS = 9 * 366;

/** The first instants at which a schedule fires, from `from` on, before `until`. */
export function nextTimes(times: Times, range: { from: number; until?: number; count: number }): number[] {
  const from = Math.max(range.from, times.start ?? range.from);
  const until = Math.min(range.until ?? Infinity, times.end === null ? Infinity : times.end + 1);
  const found = new Set<number>();
  const sources = [...times.crons.map((cron) => cronTimes(cron, times.zone, from)), everyTimes(times.everyMs, from)];
  for (const source of sources) {
    let left = range.count;
    for (const at of source) {
      if (at >= until || left-- === 0) break;
      found.add(at);
    }
  }
  return [...found].sort((a, b) => a - b).slice(0, range.count);
}

function* everyTimes(everyMs: number | null, from: number): Generator<number> {
  if (everyMs === null) return;
  for (let at = Math.ceil(from / everyMs) * everyMs; ; at += everyMs) yield at;
}

/** Instants of one expression, ascending, from `from` on. */
function* cronTimes(cron: Cron, zone: string, from: number): Generator<number> {
  let last = -Infinity;
  for (const instant of orderedTimes(cron, zone, from)) {
    if (instant < from || instant <= last) continue;
    last = instant;
    yield instant;
  }
}

/** Instants of one expression, ascending, from some time before `from` on. */
function* orderedTimes(cron: Cron, zone: string, from: number): Generator<number> {
  let waiting: number[] = [];
  for (const hour of hoursOf(cron, wallOf(zone, from))) {
    const steady = steadyOffset(zone, hour);
    if (steady === null) waiting.push(...timesOf(cron, hour).flatMap((wall) => changedTimes(cron, zone, wall)));
    // A clock that is set back within an hour shows parts of two hours twice: the next hour may begin before this one is over.
    const next = steady === null ? hour + HOUR_MS - largestOffset(zone, hour) : Infinity;
    yield* waiting.filter((at) => at < next).sort((a, b) => a - b);
    waiting = waiting.filter((at) => at >= next);
    if (steady !== null) for (const wall of timesOf(cron, hour)) yield wall - steady;
  }
  yield* waiting.sort((a, b) => a - b);
}

/** The hours that an expression names, as the clock shows them, from some time before `wall` on. */
function* hoursOf(cron: Cron, wall: number): Generator<number> {
  const first = Math.floor((wall - DAY_MS) / DAY_MS);
  // The clock is never changed by as much, so hours before this are over.
  const over = wall - 4 * HOUR_MS;
  for (let day = first; day < first + MAX_DAYS; day++) {
    const at = new Date(day * DAY_MS);
    if (!fitsDay(cron, { month: at.getUTCMonth() + 1, day: at.getUTCDate(), weekday: at.getUTCDay() })) continue;
    for (const hour of cron.hours) {
      const start = day * DAY_MS + hour * HOUR_MS;
      if (start >= over) yield start;
    }
  }
}

/** The times of an hour, as the clock shows them. */
const timesOf = (cron: Cron, hour: number): number[] =>
  cron.minutes.flatMap((minute) => cron.seconds.map((second) => hour + minute * 60_000 + second * 1_000));

/** Instants of one shown time near a change of the clock. A time of the day happens once, whatever the clock does. */
function changedTimes(cron: Cron, zone: string, wall: number): number[] {
  const { instants, gapEnd } = instantsOf(zone, wall);
  if (!cron.isTimeOfDay) return instants;
  return instants.length > 0 ? instants.slice(0, 1) : [gapEnd!];
}

/** How long before and after a clock is set back Temporal leaves times out. */
const UNSURE = { before: 2 * HOUR_MS, after: 4 * HOUR_MS };

/** Most times that are given one by one. */
const MAX_MOMENTS = 2_000;

/**
 * The times around changes of the clock that Temporal does not find by itself: those that are made up for after a gap,
 * and those around the hour that comes twice. If there are too many, those nearest to now.
 */
export function timesAtChanges(times: Times, range: { from: number; until: number; now: number }): number[] {
  if (times.crons.length === 0) return [];
  const found = changesOf(times.zone, range.from, range.until).flatMap(({ at, before, after }) => {
    const span = after > before ? { from: at, until: at + 1 } : { from: at - UNSURE.before, until: at + UNSURE.after };
    return nextTimes(times, { ...span, count: MAX_MOMENTS });
  });
  const nearest = found.sort((a, b) => Math.abs(a - range.now) - Math.abs(b - range.now));
  return nearest.slice(0, MAX_MOMENTS).sort((a, b) => a - b);
}

/** Whether the times are the same in UTC, because the changes of the clock leave the minutes alone. */
export function isSameInUtc({ crons, zone }: Pick<Times, 'crons' | 'zone'>, from: number, until: number): boolean {
  const offsets = new Set(changesOf(zone, from, until).flatMap(({ before, after }) => [before, after]));
  if (offsets.size === 0) return zone === 'UTC';
  return crons.every(
    ({ hours, days, months, weekdays, minutes }) =>
      hours.length === 24 &&
      days.length === 31 &&
      months.length === 12 &&
      weekdays.length === 7 &&
      [...offsets].every((by) => minutes.every((minute) => minutes.includes(modulo(minute + by / 60_000, 60)))),
  );
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/**
 * What makes a firing the same as another: the instant; for a time of the day what the clock shows, because a clock
 * that is set back shows it twice.
 */
export function firingKey({ crons, zone }: Pick<Times, 'crons' | 'zone'>, instant: number): string {
  const wall = wallOf(zone, instant);
  const isInterval = crons.length === 0 || crons.some((cron) => !cron.isTimeOfDay && fitsClock(cron, wall));
  if (isInterval) return new Date(instant).toISOString();
  return `${new Date(wall).toISOString().slice(0, -1)}[${zone}]`;
}
