import { MAX_EXPRESSION_DEPTH } from '../../limits.ts';
import { fail } from '../error.ts';
import { charge, chargeProperties, chargeSince, chargeText } from '../fuel.ts';
import { NeedsData, Reference } from '../reference.ts';
import type { Fuel } from '../types.ts';

/**
 * A text that is the same for equal values and different for all others (lists and objects by content, null and
 * undefined are equal). Grouping, joining and removing duplicates compare these texts.
 */
export function keyOf(fuel: Fuel, value: unknown, depth = 0): string {
  charge(fuel, 1);
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') {
    chargeText(fuel, value.length);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') return String(value);
  if (value instanceof Reference) throw new NeedsData([value]);
  if (depth >= MAX_EXPRESSION_DEPTH) fail('depth', `A key is nested deeper than ${MAX_EXPRESSION_DEPTH}.`);
  if (Array.isArray(value)) return `[${value.map((entry) => keyOf(fuel, entry, depth + 1)).join(',')}]`;
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields);
  chargeProperties(fuel, names.length);
  chargeSince(3, fuel, 2 + names.length);
  const keys = names.sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${keyOf(fuel, fields[key], depth + 1)}`).join(',')}}`;
}
