/** Reads arguments, with the same conversions as the operators, and with one wording for what is wrong. */
import { fail } from '../error.ts';
import type { Fuel } from '../types.ts';
import { type Fields, isObject, kindOf, toNumber } from '../values.ts';
import type { Callback } from './types.ts';

/** A whole number, as in JavaScript: fractions are cut off, NaN is 0; `fallback` if the argument is missing. */
export function integer(fuel: Fuel, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const number = toNumber(fuel, value);
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}

/** A list. */
export function list(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail('type', `${what} takes a list, not ${kindOf(value)}.`);
}

/** An object (or, as in JavaScript, a list, whose property names are its indices). */
export function objectOrList(value: unknown, what: string): Fields {
  if (isObject(value)) return value;
  return Array.isArray(value)
    ? (value as unknown as Fields)
    : fail('type', `${what} takes an object, not ${kindOf(value)}.`);
}

/** A text, not converted from anything else. */
export function text(value: unknown, what: string): string {
  return typeof value === 'string' ? value : fail('type', `${what} takes a text, not ${kindOf(value)}.`);
}

/** A function. */
export function callback(value: unknown, what: string): Callback {
  return typeof value === 'function'
    ? (value as Callback)
    : fail('type', `${what} takes a function such as x => x.id, not ${kindOf(value)}.`);
}
