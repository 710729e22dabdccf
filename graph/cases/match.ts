import { isMap, type Json } from '../json.ts';
import { own } from '../pointer.ts';

/** A place at which two values differ. */
export interface Mismatch {
  /** `.lines[2].total`; empty for the value itself. */
  readonly at: string;
  /** Absent: nothing was expected there. */
  readonly expected?: Json;
  /** Absent: there is nothing. */
  readonly actual?: Json;
}

/** How a value is compared: `whole`, or by the expected parts only, which lets maps have more fields. */
export type How = 'whole' | 'parts';

/**
 * The places at which a value is not as expected, at most `most`. The order of fields does not matter, that of a list
 * does.
 *
 * @example mismatches({ a: 1 }, { a: 2, b: 3 }, 'parts') // [{ at: '.a', expected: 1, actual: 2 }]
 */
export function mismatches(expected: Json, actual: Json, how: How, most = 20): Mismatch[] {
  const found: Mismatch[] = [];
  compare(expected, actual, '', { how, most, found });
  return found;
}

interface Comparison {
  readonly how: How;
  readonly most: number;
  readonly found: Mismatch[];
}

function compare(expected: Json | undefined, actual: Json | undefined, at: string, within: Comparison): void {
  const { found, how, most } = within;
  if (found.length >= most || expected === actual) return;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let i = 0; i < Math.max(expected.length, actual.length) && found.length < most; i += 1)
      compare(expected[i], actual[i], `${at}[${i}]`, within);
  } else if (isMap(expected) && isMap(actual)) {
    const keys = how === 'whole' ? new Set([...Object.keys(expected), ...Object.keys(actual)]) : Object.keys(expected);
    for (const key of keys) compare(own(expected, key), own(actual, key), `${at}${step(key)}`, within);
  } else {
    found.push({
      at,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    });
  }
}

/** Whether a value is as expected. */
export const matches = (expected: Json, actual: Json, how: How): boolean =>
  mismatches(expected, actual, how, 1).length === 0;

const step = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
