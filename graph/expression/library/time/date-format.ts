import { isoWeek, pad, toParts, weekday } from './calendar.ts';

export const MONTH_NAMES =
  'January February March April May June July August September October November December'.split(' ');
export const WEEKDAY_NAMES = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/**
 * The tokens of a pattern; `[text]` stays as it is. `earlier` are the tokens of plans compiled before weeks and offsets
 * could be written. Not exported, because the workflow sandbox freezes exports, and a global regular expression must
 * change: it keeps its position.
 */
const TOKENS = {
  current: /\[[^\]]*\]|YYYY|YY|GGGG|MMMM|MMM|MM|M|WW|DD|D|dddd|ddd|HH|H|hh|h|A|a|mm|m|ss|s|SSS|ZZ|Z/g,
  earlier: /\[[^\]]*\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|A|a|mm|m|ss|s|SSS/g,
} as const;

/** The tokens with which a pattern is read. */
export type Tokens = keyof typeof TOKENS;

/** A pattern split into tokens and the text between them. */
export function piecesOf(pattern: string): readonly { readonly token?: string; readonly text: string }[] {
  const pieces: { token?: string; text: string }[] = [];
  let done = 0;
  for (const { 0: found, index } of pattern.matchAll(TOKENS.current)) {
    if (index > done) pieces.push({ text: pattern.slice(done, index) });
    pieces.push(found.startsWith('[') ? { text: found.slice(1, -1) } : { token: found, text: found });
    done = index + found.length;
  }
  pieces.push({ text: pattern.slice(done) });
  return pieces;
}

/**
 * A moment written by a pattern, in English.
 *
 * @param offset how far the clock is ahead of UTC; null for UTC itself, whose `Z` is `Z`
 * @example formatDate(0, null, 'dddd, D MMMM YYYY [at] HH:mm') // 'Thursday, 1 January 1970 at 00:00'
 */
export function formatDate(wall: number, offset: number | null, pattern: string, tokens: Tokens = 'current'): string {
  const { year, month, day, hour, minute, second, millisecond } = toParts(wall);
  const monthName = MONTH_NAMES[month - 1] ?? '';
  const dayName = WEEKDAY_NAMES[weekday(wall) - 1] ?? '';
  const years = years4(year);
  const week = isoWeek(wall);
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const half = hour < 12 ? 'am' : 'pm';
  const words: Readonly<Record<string, string>> = {
    YYYY: years,
    YY: years.slice(-2),
    GGGG: years4(week.year),
    WW: pad(week.week, 2),
    MMMM: monthName,
    MMM: monthName.slice(0, 3),
    MM: pad(month, 2),
    M: String(month),
    DD: pad(day, 2),
    D: String(day),
    dddd: dayName,
    ddd: dayName.slice(0, 3),
    HH: pad(hour, 2),
    H: String(hour),
    hh: pad(hour12, 2),
    h: String(hour12),
    A: half.toUpperCase(),
    a: half,
    mm: pad(minute, 2),
    m: String(minute),
    ss: pad(second, 2),
    s: String(second),
    SSS: pad(millisecond, 3),
    Z: offset === null ? 'Z' : formatOffset(offset),
    ZZ: formatOffset(offset ?? 0).replace(':', ''),
  };
  return pattern.replace(TOKENS[tokens], (token) =>
    token.startsWith('[') ? token.slice(1, -1) : (words[token] ?? token),
  );
}

const years4 = (year: number): string => `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}`;

/** `+02:00`. ISO 8601 has no seconds here. Only offsets of times before about 1970 have seconds. */
export function formatOffset(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60_000);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
}
