import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_TEXT } from '../limits.ts';
import { fail } from './error.ts';
import { charge, chargeProperties, chargeText } from './fuel.ts';
import { demand } from './reference.ts';
import type { Fuel } from './types.ts';

/**
 * The JSON text of a value, as `JSON.stringify` makes it: undefined fields left out, NaN as null. The value is measured
 * and paid for first, so that neither a shared part visited a million times nor deep nesting can do harm.
 *
 * @throws NeedsData if the value holds a reference
 */
export function toJsonText(fuel: Fuel, value: unknown, indent = 0): string {
  chargeText(fuel, measure(fuel, value, 0, 0, indent));
  const text = JSON.stringify(value, null, indent);
  // Only escapes and indentation can have made the text longer than measured.
  if (text.length > MAX_EXPRESSION_TEXT)
    fail('too-large', `The JSON text would be longer than ${MAX_EXPRESSION_TEXT} characters.`);
  return text;
}

/** The approximate length of the JSON text plus `sum`; stops as soon as that is over the cap. */
function measure(fuel: Fuel, value: unknown, sum: number, depth: number, indent: number): number {
  if (typeof value === 'string') return sum + value.length + 2;
  if (typeof value !== 'object' || value === null) return sum + 1;
  demand(value);
  if (depth >= MAX_EXPRESSION_DEPTH) fail('depth', `The value is nested deeper than ${MAX_EXPRESSION_DEPTH}.`);
  charge(fuel, 1);
  let total = sum + 2;
  const add = (entry: unknown, extra: number) => {
    total = measure(fuel, entry, total + extra + indent * (depth + 1), depth + 1, indent);
    if (total > MAX_EXPRESSION_TEXT)
      fail('too-large', `The JSON text would be longer than ${MAX_EXPRESSION_TEXT} characters.`);
  };
  if (Array.isArray(value)) {
    charge(fuel, value.length >> 3);
    for (const entry of value) add(entry, 1);
  } else {
    const keys = Object.keys(value);
    chargeProperties(fuel, keys.length);
    for (const key of keys) add((value as Record<string, unknown>)[key], key.length + 4);
  }
  return total;
}

/** The text of a value within a longer text: null and undefined are '', lists and objects are JSON. */
export function toDisplayText(fuel: Fuel, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? toJsonText(fuel, value) : String(value);
}
