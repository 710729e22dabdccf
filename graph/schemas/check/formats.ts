/**
 * The formats of JSON Schema that are checked, and those of OpenAPI. All take linear time: either the text is short, or
 * the regular expression has one way to match. A format that is not listed here accepts everything, as the
 * specification has it.
 */
import { daysInMonth } from '../../expression/library/time/calendar.ts';
import { isIpv4, isIpv6, isUri, isUriReference, isUriTemplate, isWebAddress } from './addresses.ts';

/** What a format accepts. Values of the other kinds are accepted by every format. */
export interface Format {
  readonly text?: (text: string) => boolean;
  readonly number?: (value: number) => boolean;
}

/** A text that is at most so long, because the regular expression takes more than linear time. */
const short =
  (longest: number, pattern: RegExp) =>
  (text: string): boolean =>
    text.length <= longest && pattern.test(text);

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(z|[+-]\d\d(?::?\d\d)?)?$/i;

function isDate(text: string): boolean {
  const [, year, month, day] = (text.length === 10 ? DATE.exec(text) : null)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** A time of day. Second 60 is a leap second: it exists at 23:59 UTC only. */
function isTime(text: string, withZone: boolean): boolean {
  const found = text.length <= 100 ? TIME.exec(text) : null;
  if (found === null) return false;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const zone = found[4] ?? '';
  if (zone === '' && withZone) return false;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  if (hours > 23 || minutes > 59) return false;
  if (hour <= 23 && minute <= 59 && second < 60) return true;
  const ahead = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
  const utc = (hour * 60 + minute - ahead + 1440) % 1440;
  return hour <= 23 && minute <= 59 && utc === 1439 && second < 61;
}

const isDateTime =
  (withZone: boolean) =>
  (text: string): boolean =>
    /[t\s]/i.test(text.charAt(10)) && isDate(text.slice(0, 10)) && isTime(text.slice(11), withZone);

const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
const HOSTNAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;
const DURATION = /^P(?!$)((\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|(\d+W)?)$/;
const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const RELATIVE = /^(?:0|[1-9]\d*)/;

/** A pointer is wrong if it does not begin with a slash, or has a tilde that escapes nothing. */
const isPointer = (text: string): boolean => (text === '' || text.startsWith('/')) && !/~(?![01])/.test(text);

function isRelativePointer(text: string): boolean {
  const [up] = RELATIVE.exec(text.slice(0, 100)) ?? [];
  return up !== undefined && (text.slice(up.length) === '#' || isPointer(text.slice(up.length)));
}

const isPointerFragment = (text: string): boolean =>
  text.startsWith('#') &&
  isPointer(text.slice(1)) &&
  !/[^a-z0-9_\-.!$&'()*+,;:=@~%/]|%(?![0-9a-f]{2})/i.test(text.slice(1));

const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.endsWith('==') ? text.slice(0, -2) : text.replace(/=$/, ''));

/** Longest text that is tried as a regular expression. */
const LONGEST_REGEX = 10_000;

function isRegex(text: string): boolean {
  if (text.length > LONGEST_REGEX || /[^\\]\\Z/.test(text)) return false;
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

const INT32 = 2 ** 31;

/** What is checked, by the name of the format. A map, because a name such as `constructor` must find nothing. */
export const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['date', { text: isDate }],
  ['time', { text: (text) => isTime(text, true) }],
  ['date-time', { text: isDateTime(true) }],
  ['iso-time', { text: (text) => isTime(text, false) }],
  ['iso-date-time', { text: isDateTime(false) }],
  ['duration', { text: short(100, DURATION) }],
  ['email', { text: short(320, EMAIL) }],
  ['hostname', { text: short(254, HOSTNAME) }],
  ['ipv4', { text: isIpv4 }],
  ['ipv6', { text: isIpv6 }],
  ['uri', { text: isUri }],
  ['uri-reference', { text: isUriReference }],
  ['uri-template', { text: isUriTemplate }],
  ['url', { text: isWebAddress }],
  ['uuid', { text: short(45, UUID) }],
  ['regex', { text: isRegex }],
  ['json-pointer', { text: isPointer }],
  ['json-pointer-uri-fragment', { text: isPointerFragment }],
  ['relative-json-pointer', { text: isRelativePointer }],
  ['byte', { text: isBase64 }],
  ['int32', { number: (value) => Number.isInteger(value) && value >= -INT32 && value < INT32 }],
  ['int64', { number: Number.isInteger }],
]);
