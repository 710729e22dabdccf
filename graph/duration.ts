/** Milliseconds per unit, largest first: the order in which a duration names them. */
const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Longest duration of the language: 100 years. Anything longer is a mistake. */
export const MAX_DURATION_MS = 36_525 * 86_400_000;

/** ECMA-262 source of the pattern of a duration, also used by the published JSON Schema. */
export const DURATION_PATTERN =
  '^(?=[0-9])([0-9]{1,12}w)?([0-9]{1,12}d)?([0-9]{1,12}h)?([0-9]{1,12}m)?([0-9]{1,12}s)?([0-9]{1,14}ms)?$';

const DURATION = new RegExp(DURATION_PATTERN);

/**
 * Milliseconds of a duration such as `250ms`, `90s`, `1h30m`, `2d` or `4w`, or null if the text is not a duration.
 * Whole numbers, each unit at most once, larger units first, no spaces, at most 100 years.
 *
 * @example parseDuration('1h30m') // 5_400_000
 */
export function parseDuration(text: string): number | null {
  const match = typeof text === 'string' ? DURATION.exec(text) : null;
  if (match === null) return null;
  let total = 0;
  UNITS.forEach(([unit, size], index) => {
    const part = match[index + 1];
    if (part !== undefined) total += Number(part.slice(0, -unit.length)) * size;
  });
  return total <= MAX_DURATION_MS ? total : null;
}

/**
 * Shortest usual spelling of a number of milliseconds (rounded to whole ones; `0s` if below zero);
 * `parseDuration` returns the same number. Weeks are used only for whole weeks.
 *
 * @example formatDuration(5_400_000) // '1h30m'
 */
export function formatDuration(ms: number): string {
  let left = Math.max(0, Math.round(ms));
  if (left === 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS) {
    if (unit === 'w' && left % size !== 0) continue;
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text;
}
