import { NeedsData, Reference } from '../expression/reference.ts';
import type { Fuel } from '../expression/types.ts';
import { isLess, kindOf } from '../expression/values.ts';
import { invalid } from './types.ts';

const RANKS: Readonly<Record<string, number>> = { boolean: 0, number: 1, string: 2 };

/** True for a value that comes last in every order: null, undefined, NaN. */
export const isLast = (value: unknown): boolean => value === null || value === undefined || Number.isNaN(value);

/**
 * Compares two sort keys: negative if `a` comes first. False before true, then numbers, then texts by UTF-16 units.
 * Never depends on a locale. Neither key may be null (`isLast`).
 *
 * @throws DataError for lists and objects
 */
export function compareKeys(fuel: Fuel, a: unknown, b: unknown): number {
  const order = rank(a) - rank(b);
  if (order !== 0) return order;
  return isLess(fuel, a, b) ? -1 : isLess(fuel, b, a) ? 1 : 0;
}

function rank(value: unknown): number {
  if (value instanceof Reference) throw new NeedsData([value]);
  return (
    RANKS[typeof value] ?? invalid(`A sort key must be a number, a text, true, false or null, not ${kindOf(value)}.`)
  );
}
