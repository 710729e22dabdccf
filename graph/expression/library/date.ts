import { formatDuration, parseDuration } from '../../duration.ts';
import { fail } from '../error.ts';
import { chargeText } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { kindOf, toNumber, toText } from '../values.ts';
import { text } from './arguments.ts';
import { DAY_MS, daysInMonth, MAX_TIME_MS, type Parts, parseIso, toIso, toMs, toParts, weekday } from './calendar.ts';
import { formatDate } from './date-format.ts';
import type { Functions } from './types.ts';

/** Milliseconds of the units whose length never varies. */
const FIXED: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: DAY_MS,
  weeks: 7 * DAY_MS,
};
/** Months of the units whose length varies. */
const CALENDAR: Readonly<Record<string, number>> = { months: 1, quarters: 3, years: 12 };

/** Longest pattern of `date.format`. */
const MAX_PATTERN = 200;

const UNITS = [...Object.keys(FIXED), ...Object.keys(CALENDAR)];

/** A unit in plural: `day` and `days` mean the same. */
function unit(value: unknown): string {
  const name = text(value, 'A unit');
  const plural = name.endsWith('s') ? name : `${name}s`;
  return UNITS.includes(plural)
    ? plural
    : fail('argument', `A unit is one of ${UNITS.join(', ')}, not "${name.slice(0, 40)}".`);
}

/** Milliseconds of an ISO time, or of milliseconds. */
function moment(value: unknown): number {
  const ms = typeof value === 'string' ? parseIso(value) : value;
  if (typeof ms !== 'number') return fail('type', `A time is an ISO text or milliseconds, not ${kindOf(value)}.`);
  if (Math.abs(ms) <= MAX_TIME_MS) return Math.trunc(ms);
  return fail('argument', `Not a time: ${String(value).slice(0, 60)}. Write it as 2026-01-31T12:00:00Z.`);
}

const iso = (ms: number): string =>
  Math.abs(ms) <= MAX_TIME_MS ? toIso(ms) : fail('argument', 'The time is out of range.');

/** A day that the month lacks becomes its last one: 31 January plus a month is 28 February. */
function addMonths(ms: number, count: number): number {
  const parts = toParts(ms);
  const months = parts.year * 12 + parts.month - 1 + count;
  if (!(Math.abs(months) < 4_000_000)) return fail('argument', 'The time is out of range.');
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  return toMs({ ...parts, year, month, day: Math.min(parts.day, daysInMonth(year, month)) });
}

function shift(ms: number, count: number, name: string): number {
  const months = CALENDAR[name];
  if (months !== undefined) return addMonths(ms, Math.trunc(count) * months);
  return ms + Math.trunc(count * (FIXED[name] ?? 1));
}

/** `2d`, `-1h30m` or milliseconds. */
function span(value: unknown): number {
  if (typeof value === 'number') return value;
  const name = text(value, 'A duration');
  const ms = parseDuration(name.replace(/^-/, ''));
  if (ms === null) return fail('argument', `Not a duration: "${name.slice(0, 40)}". Write it as 90s, 1h30m or 2d.`);
  return name.startsWith('-') ? -ms : ms;
}

/** Whole months from one moment to another. */
function monthsBetween(from: number, to: number): number {
  const [a, b] = [toParts(from), toParts(to)];
  const whole = (b.year - a.year) * 12 + b.month - a.month;
  if (whole > 0 && addMonths(from, whole) > to) return whole - 1;
  return whole < 0 && addMonths(from, whole) < to ? whole + 1 : whole;
}

/** The first moment of the unit a moment lies in. Weeks begin on Monday. */
function startOf(ms: number, name: string): number {
  const fixed = FIXED[name];
  if (name === 'weeks') return Math.floor(ms / DAY_MS) * DAY_MS - (weekday(ms) - 1) * DAY_MS;
  if (fixed !== undefined) return Math.floor(ms / fixed) * fixed;
  const { year, month } = toParts(ms);
  const size = CALENDAR[name] ?? 1;
  const start: Parts = { year, month, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };
  return toMs({ ...start, month: Math.floor((month - 1) / size) * size + 1 });
}

const PARTS: Readonly<Record<string, (ms: number) => number>> = {
  year: (ms) => toParts(ms).year,
  month: (ms) => toParts(ms).month,
  day: (ms) => toParts(ms).day,
  hour: (ms) => toParts(ms).hour,
  minute: (ms) => toParts(ms).minute,
  second: (ms) => toParts(ms).second,
  millisecond: (ms) => toParts(ms).millisecond,
  weekday,
  dayOfYear: (ms) => Math.floor((ms - startOf(ms, 'years')) / DAY_MS) + 1,
};

/** Times. A time is an ISO text or milliseconds since 1970; all is UTC. */
export const date: Functions = {
  'Date.parse': {
    signature: 'Date.parse(text)',
    summary: 'Milliseconds since 1970 of an ISO time, or NaN. Without a zone it is UTC.',
    example: ["Date.parse('2026-01-31')", 1_769_817_600_000],
    takes: [1, 1],
    run: (_fuel, [value]) => parseIso(toText(value)),
  },
  'date.iso': {
    signature: 'date.iso(time)',
    summary: 'The ISO text, in UTC.',
    example: ['date.iso(0)', '1970-01-01T00:00:00.000Z'],
    takes: [1, 1],
    run: (_fuel, [value]) => iso(moment(value)),
  },
  'date.add': {
    signature: 'date.add(time, duration) or date.add(time, count, unit)',
    summary: `Later (or, with a minus, earlier), as ISO text. Units: ${UNITS.join(', ')}.`,
    example: ["date.add('2026-01-31', 1, 'month')", '2026-02-28T00:00:00.000Z'],
    takes: [2, 3],
    run: (fuel, [time, amount, name]) => {
      const ms = moment(time);
      if (name === undefined) return iso(ms + Math.trunc(span(amount)));
      return iso(shift(ms, toNumber(fuel, amount), unit(name)));
    },
  },
  'date.diff': {
    signature: "date.diff(from, to, unit = 'milliseconds')",
    summary: 'How much later `to` is: months, quarters and years as whole ones, other units with a fraction.',
    example: ["date.diff('2026-01-01', '2026-01-02T12:00:00Z', 'days')", 1.5],
    takes: [2, 3],
    run: (_fuel, [from, to, name]) => {
      const plural = name === undefined ? 'milliseconds' : unit(name);
      const months = CALENDAR[plural];
      if (months !== undefined) return Math.trunc(monthsBetween(moment(from), moment(to)) / months);
      return (moment(to) - moment(from)) / (FIXED[plural] ?? 1);
    },
  },
  'date.startOf': {
    signature: 'date.startOf(time, unit)',
    summary: 'The first moment of its day, week (from Monday), month …, as ISO text.',
    example: ["date.startOf('2026-02-18T10:00:00Z', 'week')", '2026-02-16T00:00:00.000Z'],
    takes: [2, 2],
    run: (_fuel, [time, name]) => iso(startOf(moment(time), unit(name))),
  },
  'date.get': {
    signature: 'date.get(time, part)',
    summary: `One part of it, in UTC: ${Object.keys(PARTS).join(', ')} (1 is Monday).`,
    example: ["date.get('2026-02-18', 'weekday')", 3],
    takes: [2, 2],
    run: (_fuel, [time, part]) => {
      const name = text(part, 'A part');
      const read = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
      if (read === undefined) return fail('argument', `A part is one of ${Object.keys(PARTS).join(', ')}.`);
      return read(moment(time));
    },
  },
  'date.format': {
    signature: 'date.format(time, pattern)',
    summary:
      'As text, in UTC and English: YYYY YY, MMMM MMM MM M, DD D, dddd ddd, HH H, hh h, A a, mm m, ss s, SSS; [text] stays.',
    example: ["date.format('2026-02-18T09:05:00Z', 'ddd D MMM YYYY, HH:mm')", 'Wed 18 Feb 2026, 09:05'],
    takes: [2, 2],
    run: (fuel: Fuel, [time, pattern]) => {
      const given = text(pattern, 'A pattern');
      if (given.length > MAX_PATTERN) fail('argument', `A pattern has at most ${MAX_PATTERN} characters.`);
      // The longest word a token stands for (Wednesday) is at most nine times the token.
      chargeText(fuel, given.length * 9);
      return formatDate(moment(time), given);
    },
  },
  'duration.ms': {
    signature: 'duration.ms(text)',
    summary: 'Milliseconds of a duration.',
    example: ["duration.ms('1h30m')", 5_400_000],
    takes: [1, 1],
    run: (_fuel, [value]) => span(text(value, 'duration.ms')),
  },
  'duration.format': {
    signature: 'duration.format(ms)',
    summary: 'Milliseconds as a duration.',
    example: ['duration.format(5400000)', '1h30m'],
    takes: [1, 1],
    run: (fuel, [value]) => {
      const ms = toNumber(fuel, value);
      return Math.abs(ms) <= MAX_TIME_MS ? formatDuration(ms) : fail('argument', 'The duration is out of range.');
    },
  },
};
