/**
 * The rules of time zones, as this machine knows them. They change several times a year, so nothing that runs in the
 * workflow sandbox may import this file: results computed with these rules are recorded instead (docs/time.md).
 */
import type { ZoneRules } from '../../types.ts';

/** Formatters by lower-case name. There are about 600 zones; each formatter takes 50 KB and up to 0.4 ms to create. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether there is a time zone with that IANA name. Plain offsets such as `+02:00` are not time zones. */
export const isZone = (name: string): boolean => formatterOf(name) !== null;

/** The time zone rules of this machine's Unicode library. */
export const zoneRules: ZoneRules = {
  offsetAt(zone, ms) {
    const formatter = formatterOf(zone);
    return formatter && offsetIn(formatter.format(ms));
  },
};

function formatterOf(name: string): Intl.DateTimeFormat | null {
  const key = name.toLowerCase();
  const known = formatters.get(key);
  if (known) return known;
  if (!/^[a-z][a-z0-9_+/-]{0,63}$/.test(key)) return null;
  try {
    const formatter = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    formatters.set(key, formatter);
    return formatter;
  } catch {
    return null;
  }
}

/** Milliseconds of the `GMT+01:00` (for old dates `GMT+00:53:28`, for UTC `GMT`) at the end of a formatted date. */
function offsetIn(text: string): number {
  const found = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (found === null) throw new Error(`An offset from UTC was expected at the end of "${text}".`);
  const [, sign, hours = 0, minutes = 0, seconds = 0] = found;
  const ahead = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ahead : ahead;
}
