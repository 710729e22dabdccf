import { pad, toParts, weekday } from './calendar.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** Unclosed brackets make this quadratic, so patterns must be short: see the cap of `date.format`. */
const TOKEN = /\[[^\]]*\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|A|a|mm|m|ss|s|SSS/g;

/**
 * A moment by a pattern, in UTC and English.
 *
 * @example formatDate(0, 'dddd, D MMMM YYYY [at] HH:mm') // 'Thursday, 1 January 1970 at 00:00'
 */
export function formatDate(ms: number, pattern: string): string {
  const { year, month, day, hour, minute, second, millisecond } = toParts(ms);
  const monthName = MONTHS[month - 1] ?? '';
  const dayName = WEEKDAYS[weekday(ms) - 1] ?? '';
  const years = `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}`;
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const half = hour < 12 ? 'am' : 'pm';
  const words: Readonly<Record<string, string>> = {
    YYYY: years,
    YY: years.slice(-2),
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
  };
  return pattern.replace(TOKEN, (token) => (token.startsWith('[') ? token.slice(1, -1) : (words[token] ?? token)));
}
