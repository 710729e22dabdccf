export const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** A field of a cron expression. */
export interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values, from the least on. */
  readonly names?: readonly string[];
}

/** The fields, the second first. In the last one, Sunday is both 0 and 7. */
export const FIELDS: readonly CronField[] = [
  { name: 'second', least: 0, most: 59 },
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTH_NAMES },
  { name: 'day of the week', least: 0, most: 7, names: DAY_NAMES },
];

/** Signs that other programs know, and how to do without them. `scheduledAt` is in UTC, so the day needs the zone. */
const UNSUPPORTED: readonly {
  readonly sign: RegExp;
  readonly shown: string;
  readonly hint: (zone: string) => string;
}[] = [
  {
    sign: /#/,
    shown: '#',
    hint: (zone) =>
      `For the first Monday, write \`0 9 1-7 * *\` and give the trigger \`if: "\${{ date.get(trigger.scheduledAt, 'weekday'${argument(zone)}) == 1 }}"\`.`,
  },
  { sign: /\?/, shown: '?', hint: () => 'Write `*`.' },
  {
    sign: /^(\d{1,2}|L)?W$|^LW$/i,
    shown: 'W',
    hint: () => 'Name days of the week, such as `0 9 * * mon-fri`, and let the trigger’s `if` choose among them.',
  },
  {
    sign: /^L(-\d+)?$|^(\d|sun|mon|tue|wed|thu|fri|sat)L$/i,
    shown: 'L',
    hint: (zone) =>
      `For the last day of the month, write \`0 9 28-31 * *\` and give the trigger \`if: "\${{ date.get(date.add(trigger.scheduledAt, 1, 'day'${argument(zone)}), 'day'${argument(zone)}) == 1 }}"\`.`,
  },
];

/** The last argument of a function about times, in a hint. */
const argument = (zone: string): string => (zone === 'UTC' ? '' : `, '${zone}'`);

/** The values that a field allows, ascending, or what is wrong with it. @param zone whose clock the expression reads */
export function fieldValues(
  text: string,
  field: CronField,
  zone: string,
): { values: number[] } | { wrong: string; hint?: string } {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const read = partValues(part, field, zone);
    if ('wrong' in read) return read;
    for (const value of read.values) values.add(field.most === 7 ? value % 7 : value);
  }
  return { values: [...values].sort((a, b) => a - b) };
}

function partValues(
  part: string,
  field: CronField,
  zone: string,
): { values: number[] } | { wrong: string; hint?: string } {
  const { name, least, most } = field;
  const [range = '', step, more] = part.split('/');
  const unsupported = UNSUPPORTED.find(({ sign }) => sign.test(range));
  if (unsupported)
    return { wrong: `the ${name} \`${part}\` uses \`${unsupported.shown}\``, hint: unsupported.hint(zone) };
  if (more !== undefined || (step !== undefined && !/^[1-9][0-9]{0,2}$/.test(step)))
    return { wrong: `the ${name} has a bad step in ${part}` };
  if (step !== undefined && Number(step) > most)
    return { wrong: `the step of the ${name} in ${part} is larger than ${most}` };
  const ends = range === '*' ? [String(least), String(most === 7 ? 6 : most)] : range.split('-');
  const numbers = ends.map((end) => numberOf(end, field));
  const [from, last = step === undefined ? from : most] = numbers;
  if (ends.length > 2 || from === undefined || last === undefined || numbers.includes(undefined))
    return { wrong: `${part === '' ? 'nothing' : part} is not a valid ${name}` };
  // A week may end with Sunday.
  const to = most === 7 && last === 0 && from > 0 ? 7 : last;
  const outside = [from, to].find((number) => number < least || number > most);
  if (outside !== undefined) return { wrong: `the ${name} must be from ${least} to ${most}, not ${outside}` };
  if (from > to)
    return {
      wrong: `the ${name} ${range} goes backwards`,
      hint: `Write two parts: \`${from}-${most},${least}-${to}\`.`,
    };
  const values: number[] = [];
  for (let value = from; value <= to; value += Number(step ?? 1)) values.push(value);
  return { values };
}

function numberOf(text: string, { least, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + least;
  return /^[0-9]{1,2}$/.test(text) ? Number(text) : undefined;
}
