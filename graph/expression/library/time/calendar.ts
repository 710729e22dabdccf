/** The proleptic Gregorian calendar in UTC, in whole numbers: no Date, no time zone, no locale. */

export const DAY_MS = 86_400_000;
/** The span of JavaScript's Date: 100 million days before and after 1970. */
export const MAX_TIME_MS = 8.64e15;

/** A moment in its parts. `month` and `day` count from 1. */
export interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Days from 1970-01-01 to a date. Algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms". */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Milliseconds since 1970 of a moment. */
export function toMs(parts: Parts): number {
  const days = daysFromCivil(parts.year, parts.month, parts.day);
  return days * DAY_MS + ((parts.hour * 60 + parts.minute) * 60 + parts.second) * 1000 + parts.millisecond;
}

/** The moment that is so many milliseconds after 1970. */
export function toParts(ms: number): Parts {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const index = Math.floor((5 * dayOfYear + 2) / 153);
  const month = index < 10 ? index + 3 : index - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * index + 2) / 5) + 1,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    millisecond: rest % 1000,
  };
}

/** The number of days in a month. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Day of the week, 1 (Monday) to 7 (Sunday), as ISO 8601 counts. */
export const weekday = (ms: number): number => ((((Math.floor(ms / DAY_MS) + 3) % 7) + 7) % 7) + 1;

const ISO =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?)?$/;

/** A written time: what the clock shows, and how far that clock is ahead of UTC, if the text says so. */
export interface Written {
  readonly wall: number;
  readonly offset: number | null;
}

/** Reads an ISO 8601 time; null if the text is not one. */
export function readIso(text: string): Written | null {
  // Longer than any ISO time, so it need not be read.
  const match = text.length > 40 ? null : ISO.exec(text.trim());
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((group) => Number(match[group] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millisecond = Math.trunc(Number(`0.${match[7] ?? 0}`) * 1000);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  // 24:00 is the end of the day.
  if (hour > 24 || minute > 59 || second > 59 || (hour === 24 && minute + second + millisecond > 0)) return null;
  if (Number(match[10] ?? 0) > 23 || Number(match[11] ?? 0) > 59) return null;
  const ahead = (Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0)) * 60_000 * (match[9] === '-' ? -1 : 1);
  return {
    wall: toMs({ year, month, day, hour, minute, second, millisecond }),
    offset: match[8] === undefined && match[9] === undefined ? null : ahead,
  };
}

/**
 * Milliseconds since 1970 of an ISO 8601 time, or NaN. Without a zone, the time is UTC (in JavaScript: local time).
 *
 * @example parseIso('2026-01-31T12:00:00+02:00') // 1769853600000
 */
export const parseIso = (text: string): number => toInstant(readIso(text));

/** Milliseconds since 1970 of a written time, or NaN. Without an offset, the time is UTC. */
export function toInstant(written: Written | null): number {
  const ms = written === null ? Number.NaN : written.wall - (written.offset ?? 0);
  return Math.abs(ms) <= MAX_TIME_MS ? ms : Number.NaN;
}

/** Week of ISO 8601 and the year it belongs to: the first week of a year is the one with its first Thursday. */
export function isoWeek(ms: number): { readonly year: number; readonly week: number } {
  const thursday = Math.floor(ms / DAY_MS) * DAY_MS + (4 - weekday(ms)) * DAY_MS;
  const { year } = toParts(thursday);
  return { year, week: Math.floor((thursday / DAY_MS - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

export const pad = (value: number, length: number): string => String(value).padStart(length, '0');

/** ISO 8601 text in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export function toIso(ms: number): string {
  const { year, month, day, hour, minute, second, millisecond } = toParts(ms);
  const sign = year < 0 ? '-' : '+';
  const years = year >= 0 && year <= 9999 ? pad(year, 4) : `${sign}${pad(Math.abs(year), 6)}`;
  return `${years}-${pad(month, 2)}-${pad(day, 2)}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(millisecond, 3)}Z`;
}
