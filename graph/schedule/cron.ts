import { FIELDS, fieldValues, MONTH_NAMES } from './field.ts';

/** A cron expression that was read: the values that each field allows, ascending. */
export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly weekdays: readonly number[];
  /** Both the day of the month and the day of the week are limited, and then either is enough. */
  readonly eitherDay: boolean;
  /**
   * The hours are named, so that the expression means times of the day, not an interval. Such a time happens once on
   * each day, also where the clock is changed.
   */
  readonly isTimeOfDay: boolean;
}

/** What is wrong with a cron expression, and what to write instead. */
export interface BadCron {
  readonly wrong: string;
  readonly hint?: string;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** Longest expression that is read. */
const MAX_TEXT = 1_000;

/** Most days that each month has. */
const DAYS_IN = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a cron expression of five fields (minute, hour, day of the month, month, day of the week), or of six, with the
 * second first; or a word such as `@daily`. Fields hold lists, ranges, steps and names, as cron(8) takes them.
 *
 * @param zone whose clock the expression reads, for the words of a hint
 * @example parseCron('0 25 * * *') // { wrong: 'the hour must be from 0 to 23, not 25' }
 */
export function parseCron(text: string, zone = 'UTC'): Cron | BadCron {
  if (text.length > MAX_TEXT) return { wrong: `it is longer than ${MAX_TEXT} characters` };
  const trimmed = text.trim();
  const fields = (WORDS.get(trimmed.toLowerCase()) ?? trimmed).split(/\s+/).filter((field) => field !== '');
  const foreign = foreignForm(trimmed, fields.length);
  if (foreign) return foreign;
  const values: number[][] = [];
  const all = fields.length === 6 ? fields : ['0', ...fields];
  for (const [index, field] of all.entries()) {
    const read = fieldValues(field, FIELDS[index]!, zone);
    if ('wrong' in read) return read;
    values.push(read.values);
  }
  return cronOf(all, values);
}

function cronOf(fields: readonly string[], values: readonly number[][]): Cron | BadCron {
  const [seconds, minutes, hours, days, months, weekdays] = values as [
    number[],
    number[],
    number[],
    number[],
    number[],
    number[],
  ];
  const isLimited = (field: string | undefined): boolean => !field?.startsWith('*');
  const eitherDay = isLimited(fields[3]) && isLimited(fields[5]);
  if (!eitherDay && !months.some((month) => days.some((day) => day <= DAYS_IN[month - 1]!)))
    return { wrong: `there is no ${days.join(' or ')} ${months.map((month) => MONTH_NAMES[month - 1]).join(' or ')}` };
  return { seconds, minutes, hours, days, months, weekdays, eitherDay, isTimeOfDay: isLimited(fields[2]) };
}

/** What other programs call cron, and this one does not take. */
function foreignForm(text: string, count: number): BadCron | null {
  const zone = /^(?:CRON_)?TZ=(\S+)/.exec(text);
  if (zone) return { wrong: 'it names a time zone', hint: `Give it in a field of its own: \`timezone: ${zone[1]}\`.` };
  if (text.startsWith('@every'))
    return { wrong: 'an interval is not a cron expression', hint: 'Write `every: 5m` instead of `cron`.' };
  if (text.startsWith('@') && !WORDS.has(text.toLowerCase()))
    return { wrong: 'there is no such word', hint: `The words are ${[...WORDS.keys()].join(', ')}.` };
  if (count === 7)
    return { wrong: 'it has 7 fields', hint: 'There is no field for the year: use `start` and `end` of the trigger.' };
  if (count !== 5 && count !== 6) return { wrong: `it has ${count} fields instead of 5, or 6 with the second first` };
  return null;
}

/** Whether a day fits. `weekday`: Sunday is 0. */
export function fitsDay(cron: Cron, { month, day, weekday }: { month: number; day: number; weekday: number }): boolean {
  if (!cron.months.includes(month)) return false;
  const inMonth = cron.days.includes(day);
  const inWeek = cron.weekdays.includes(weekday);
  return cron.eitherDay ? inMonth || inWeek : inMonth && inWeek;
}

/** Whether the clock shows a time of the expression. `wall` is the shown time, as if it were UTC. */
export function fitsClock(cron: Cron, wall: number): boolean {
  const at = new Date(wall);
  return (
    cron.seconds.includes(at.getUTCSeconds()) &&
    cron.minutes.includes(at.getUTCMinutes()) &&
    cron.hours.includes(at.getUTCHours()) &&
    fitsDay(cron, { month: at.getUTCMonth() + 1, day: at.getUTCDate(), weekday: at.getUTCDay() })
  );
}
