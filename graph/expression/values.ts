/** The operators of the language on values: JavaScript's, except where docs/expressions.md says otherwise. */

import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_TEXT, PRODUCED_PER_FUEL } from '../limits.ts';
import { fail } from './error.ts';
import { charge, chargeLook, chargeProperties, chargeScan, chargeSince } from './fuel.ts';
import { demand, Reference, referenceIsNull, referenceIsTrue } from './reference.ts';
import type { Fuel } from './types.ts';

/** A JSON object as the evaluator handles it. */
export type Fields = { [key: string]: unknown };

/** The word for the kind of a value, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Reference) return 'data held by reference';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`;
}

/** True for a JSON object: not null, a list or a reference. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Reference);
}

/** Null or undefined. @throws NeedsData for a part of data held by reference */
export function isNull(value: unknown): value is null | undefined {
  if (value === null || value === undefined) return true;
  return value instanceof Reference ? referenceIsNull(value) : false;
}

/** Whether JavaScript takes the value as true. */
export function isTrue(value: unknown): boolean {
  return value instanceof Reference ? referenceIsTrue(value) : Boolean(value);
}

/** JavaScript's ToNumber for null, booleans, numbers and texts; lists and objects are refused. */
export function toNumber(fuel: Fuel, value: unknown, what = 'A number'): number {
  switch (typeof value) {
    case 'number':
      return value;
    case 'string':
      charge(fuel, value.length >> 4);
      return Number(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      return Number.NaN;
  }
  if (value === null) return 0;
  demand(value);
  return fail('type', `${what} is needed here, not ${kindOf(value)}.`);
}

/** JavaScript's ToString for null, undefined, booleans, numbers and texts; lists and objects are refused. */
export function toText(value: unknown, what = 'A text'): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  demand(value);
  return fail('type', `${what} is needed here, not ${kindOf(value)}. Use JSON.stringify(…) or .join(', ').`);
}

/**
 * Sets an own property, whatever its name: `__proto__` is a name like any other, and `toString` can be set although
 * the workflow sandbox freezes the prototype that has one (where a plain assignment would throw).
 */
export function put(target: Fields, key: string, value: unknown): void {
  if (key in target && !Object.hasOwn(target, key)) {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/**
 * Equality without conversion. Lists and objects are equal if their contents are. (Whether two values are the same
 * object in memory depends on how they were transported, so expressions cannot ask that.)
 */
export function equals(fuel: Fuel, a: unknown, b: unknown, depth = 0): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (a === null || a === undefined || b === null || b === undefined) return a === b;
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length !== b.length) return false;
    chargeScan(fuel, a.length);
    return a === b;
  }
  demand(a);
  demand(b);
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  charge(fuel, 1);
  if (a === b) return true;
  if (depth >= MAX_EXPRESSION_DEPTH)
    fail('depth', `Values nested deeper than ${MAX_EXPRESSION_DEPTH} cannot be compared.`);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    charge(fuel, a.length >> 2);
    chargeSince(2, fuel, a.length >> 1);
    for (let index = 0; index < a.length; index += 1) {
      if (!equals(fuel, a[index], b[index], depth + 1)) return false;
    }
    return true;
  }
  const keys = Object.keys(a);
  const others = Object.keys(b);
  // Paid before the lengths are compared, because listing the properties is most of the work.
  chargeProperties(fuel, keys.length + others.length);
  chargeSince(2, fuel, 2 + (keys.length >> 1));
  if (keys.length !== others.length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equals(fuel, (a as Fields)[key], (b as Fields)[key], depth + 1));
}

/** `==`: like `equals`, and null equals undefined. */
export function looselyEquals(fuel: Fuel, a: unknown, b: unknown): boolean {
  if (a === null || a === undefined) return isNull(b);
  if (b === null || b === undefined) return isNull(a);
  return equals(fuel, a, b);
}

/** Like `equals`, and NaN equals NaN: the equality of `includes` and `removeDuplicates`. */
export function sameValue(fuel: Fuel, a: unknown, b: unknown): boolean {
  return Number.isNaN(a) && Number.isNaN(b) ? true : equals(fuel, a, b);
}

/** `<`: two texts by UTF-16 units, anything else as numbers. */
export function isLess(fuel: Fuel, a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') {
    chargeComparison(fuel, a, b);
    return a < b;
  }
  return toNumber(fuel, a) < toNumber(fuel, b);
}

function chargeComparison(fuel: Fuel, a: string, b: string): void {
  chargeLook(fuel, a);
  chargeLook(fuel, b);
  chargeScan(fuel, Math.min(a.length, b.length));
}

/** `<=`, which is not the opposite of `>`: with NaN both are false. */
export function isLessOrEqual(fuel: Fuel, a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a <= b;
  if (typeof a === 'string' && typeof b === 'string') {
    chargeComparison(fuel, a, b);
    return a <= b;
  }
  return toNumber(fuel, a) <= toNumber(fuel, b);
}

/** `+`: joins texts if either side is a text, else adds. */
export function add(fuel: Fuel, a: unknown, b: unknown): string | number {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a !== 'string' && typeof b !== 'string') return toNumber(fuel, a) + toNumber(fuel, b);
  return joinTexts(fuel, toText(a), toText(b));
}

/**
 * Both texts joined. JavaScript joins two texts by pointing at both, so the shorter part sets the cost: adding a word
 * to a long text a thousand times does not make a thousand copies. (Looking into the text is paid by `chargeLook`.)
 */
export function joinTexts(fuel: Fuel, left: string, right: string): string {
  const length = left.length + right.length;
  if (length > MAX_EXPRESSION_TEXT) {
    fail(
      'too-large',
      `The expression makes a text of ${length} characters; at most ${MAX_EXPRESSION_TEXT} are allowed.`,
    );
  }
  charge(fuel, Math.ceil(Math.min(left.length, right.length) / PRODUCED_PER_FUEL));
  return left + right;
}
