import { fail } from '../../error.ts';
import { daysInMonth, readIso, toMs, type Written } from './calendar.ts';
import { MONTH_NAMES, piecesOf, WEEKDAY_NAMES } from './date-format.ts';

const MONTH = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const DAY = 'mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun';
const CLOCK = String.raw`(\d\d?):(\d\d)(?::(\d\d))?`;

/** `Wed, 21 Oct 2015 07:28:00 GMT` (RFC 2822, HTTP) and `Wednesday, 21-Oct-15 07:28:00 GMT` (RFC 850). */
const MAIL = new RegExp(
  String.raw`^(?:(?:${DAY})(?:day)?,?\s{1,3})?(\d\d?)[\s-](${MONTH})[a-z]{0,6}[\s-](\d{2,4})\s{1,3}${CLOCK}(?:\s{1,3}([a-z]{1,3}|[+-]\d{4}))?(?:\s{1,3}\([a-z ]{1,30}\))?$`,
  'i',
);
/** `Wed Oct 21 07:28:00 2015`, as C's asctime writes it. */
const ASCTIME = new RegExp(String.raw`^(?:${DAY})\s{1,3}(${MONTH})\s{1,3}(\d\d?)\s${CLOCK}\s(\d{4})$`, 'i');

/** Zones that RFC 2822 names, in hours ahead of UTC. Other abbreviations are ambiguous, so they are not accepted. */
const NAMED: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

/**
 * A time in ISO 8601, or as mail, HTTP and RSS write it; null if the text is not a time.
 *
 * @example readTime('Wed, 21 Oct 2015 07:28:00 GMT') // { wall: 1445412480000, offset: 0 }
 */
export const readTime = (text: string): Written | null => readIso(text) ?? readMail(text);

function readMail(text: string): Written | null {
  const trimmed = text.length > 100 ? '' : text.trim();
  const mail = MAIL.exec(trimmed);
  if (mail !== null) {
    const [, day, month, year, hour, minute, second, zone] = mail as unknown as string[];
    const offset = zone === undefined ? null : offsetOf(zone);
    if (Number.isNaN(offset)) return null;
    return written({ year: fullYear(year ?? ''), month: monthOf(month ?? ''), day, hour, minute, second }, offset);
  }
  const found = ASCTIME.exec(trimmed);
  if (found === null) return null;
  const [, month, day, hour, minute, second, year] = found as unknown as string[];
  return written({ year: Number(year), month: monthOf(month ?? ''), day, hour, minute, second }, null);
}

const monthOf = (name: string): number => MONTH.split('|').indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** Years of two digits as RFC 2822 reads them: 49 is 2049, 50 is 1950. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function offsetOf(zone: string): number {
  const hours = NAMED[zone.toUpperCase()];
  if (hours !== undefined) return hours * 3_600_000;
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (found === null || Number(found[2]) > 23 || Number(found[3]) > 59) return Number.NaN;
  return (Number(found[2]) * 60 + Number(found[3])) * 60_000 * (found[1] === '-' ? -1 : 1);
}

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: unknown;
  readonly hour?: unknown;
  readonly minute?: unknown;
  readonly second?: unknown;
  readonly millisecond?: unknown;
}

/** Checks the parts and puts them together; null if the day or hour does not exist. Second 60 is the next minute. */
function written(fields: Fields, offset: number | null): Written | null {
  const { year, month } = fields;
  const [day, hour, minute, second, millisecond] = [
    fields.day,
    fields.hour ?? 0,
    fields.minute ?? 0,
    fields.second ?? 0,
    fields.millisecond ?? 0,
  ].map(Number) as [number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 60) return null;
  return { wall: toMs({ year, month, day, hour, minute, second, millisecond }), offset };
}

/** Length of the longest text that a token matches: Wednesday. */
const LONGEST = 9;

/** What the tokens of a pattern match in a text, as regular expressions. */
const TAKES: Readonly<Record<string, string>> = {
  YYYY: String.raw`\d{4}`,
  YY: String.raw`\d\d`,
  MMMM: MONTH_NAMES.join('|'),
  MMM: MONTH,
  MM: String.raw`\d\d`,
  M: String.raw`\d\d?`,
  DD: String.raw`\d\d`,
  D: String.raw`\d\d?`,
  dddd: WEEKDAY_NAMES.join('|'),
  ddd: WEEKDAY_NAMES.map((name) => name.slice(0, 3)).join('|'),
  HH: String.raw`\d\d`,
  H: String.raw`\d\d?`,
  hh: String.raw`\d\d`,
  h: String.raw`\d\d?`,
  A: 'am|pm',
  a: 'am|pm',
  mm: String.raw`\d\d`,
  m: String.raw`\d\d?`,
  ss: String.raw`\d\d`,
  s: String.raw`\d\d?`,
  SSS: String.raw`\d{3}`,
  Z: String.raw`z|[+-]\d\d:\d\d`,
  ZZ: String.raw`[+-]\d{4}`,
};

const READERS = new Map(Object.entries(TAKES).map(([token, takes]) => [token, new RegExp(`^(?:${takes})`, 'i')]));

/**
 * Reads a text that a pattern describes from its first character to its last; null if the text does not match. Letters
 * may be of either case. Parts that the pattern lacks have their first value: January, the 1st, midnight.
 *
 * @example readByPattern('31.01.2026', 'DD.MM.YYYY') // { wall: 1769817600000, offset: null }
 */
export function readByPattern(source: string, pattern: string): Written | null {
  const found = new Map<string, string>();
  let at = 0;
  for (const { token, text } of piecesOf(pattern)) {
    if (token === undefined) {
      if (!source.startsWith(text, at)) return null;
      at += text.length;
      continue;
    }
    const taken = READERS.get(token)?.exec(source.slice(at, at + LONGEST))?.[0];
    if (taken === undefined) return null;
    found.set(token, taken.toLowerCase());
    at += taken.length;
  }
  return at === source.length ? fieldsOf(found) : null;
}

function fieldsOf(found: ReadonlyMap<string, string>): Written | null {
  const first = (...tokens: string[]) => tokens.map((token) => found.get(token)).find((text) => text !== undefined);
  const [year4, year2] = [first('YYYY'), first('YY')];
  const name = first('MMMM', 'MMM');
  const zone = first('Z', 'ZZ');
  const hour = first('HH', 'H') ?? hour24(first('hh', 'h'), first('A', 'a'));
  if (hour === null) return null;
  return written(
    {
      year: year4 !== undefined ? Number(year4) : fullYear(year2 ?? '70'),
      month: name !== undefined ? monthOf(name) : Number(first('MM', 'M') ?? 1),
      day: first('DD', 'D') ?? 1,
      hour,
      minute: first('mm', 'm'),
      second: first('ss', 's'),
      millisecond: first('SSS'),
    },
    zone === undefined ? null : offsetOf(zone),
  );
}

/** The hour of a twelve-hour clock; null if that clock has no such hour. */
function hour24(hour: string | undefined, half: string | undefined): number | null {
  if (hour === undefined) return 0;
  if (half === undefined) return Number(hour);
  if (Number(hour) < 1 || Number(hour) > 12) return null;
  return (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
}

/** A pattern with which a date can be read. @throws ExpressionError */
export function readable(pattern: string): string {
  const tokens = piecesOf(pattern).flatMap(({ token }) => token ?? []);
  const other = tokens.find((token) => !READERS.has(token));
  if (other !== undefined) fail('argument', `A date cannot be read by ${other}: use YYYY, MM and DD.`);
  if (!tokens.includes('YYYY') && !tokens.includes('YY')) {
    fail('argument', 'A pattern to read a date by needs the year: YYYY or YY.');
  }
  return pattern;
}
