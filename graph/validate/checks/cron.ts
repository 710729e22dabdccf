const FIELDS = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of the month', 1, 31],
  ['month', 1, 12],
  ['day of the week', 0, 7],
] as const;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WORDS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/**
 * What is wrong with a cron expression of five fields (minute, hour, day, month, day of the week; lists, ranges,
 * steps, names) or with a word such as `@hourly`; null if nothing is.
 *
 * @example cronProblem('0 25 * * *') // 'the hour must be from 0 to 23, not 25'
 */
export function cronProblem(text: string): string | null {
  const trimmed = text.trim();
  if (WORDS.has(trimmed)) return null;
  const parts = trimmed.split(/\s+/);
  if (trimmed === '' || parts.length !== FIELDS.length)
    return `it has ${trimmed === '' ? 0 : parts.length} fields instead of 5`;
  for (const [index, [name, least, most]] of FIELDS.entries()) {
    const names = index === 3 ? MONTHS : index === 4 ? DAYS : [];
    const wrong = fieldProblem(parts[index]!, name, least, most, names);
    if (wrong !== null) return wrong;
  }
  return null;
}

function fieldProblem(
  field: string,
  name: string,
  least: number,
  most: number,
  names: readonly string[],
): string | null {
  const toNumber = (text: string): number | null => {
    const named = names.indexOf(text.toLowerCase());
    if (named >= 0) return named + least;
    return /^[0-9]{1,2}$/.test(text) ? Number(text) : null;
  };
  for (const part of field.split(',')) {
    const [range = '', step, more] = part.split('/');
    if (more !== undefined || (step !== undefined && !/^[1-9][0-9]{0,2}$/.test(step)))
      return `the ${name} has a bad step in ${part}`;
    if (range === '*') continue;
    const ends = range.split('-');
    const numbers = ends.map(toNumber);
    if (ends.length > 2 || numbers.some((number) => number === null)) return `${part} is not a valid ${name}`;
    const [from, to = from] = numbers as number[];
    const outside = [from!, to!].find((number) => number < least || number > most);
    if (outside !== undefined) return `the ${name} must be from ${least} to ${most}, not ${outside}`;
    if (from! > to!) return `the ${name} ${range} goes backwards`;
  }
  return null;
}
