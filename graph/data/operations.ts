import { charge } from '../expression/fuel.ts';
import { keyOf } from '../expression/library/key.ts';
import { NeedsData, Reference } from '../expression/reference.ts';
import type { Fuel } from '../expression/types.ts';
import { kindOf } from '../expression/values.ts';
import { compareKeys, isLast } from './order.ts';
import { invalid } from './types.ts';

/** One way to combine many values into one. */
export type Operation = (fuel: Fuel, values: readonly unknown[], field: string) => unknown;

const present = (values: readonly unknown[]): readonly unknown[] =>
  values.filter((value) => value !== null && value !== undefined);

/** The numbers among the values. Null is skipped, anything else is refused. */
function numbers(fuel: Fuel, values: readonly unknown[], field: string): number[] {
  charge(fuel, 1 + (values.length >> 3));
  return present(values).map((value) => {
    if (value instanceof Reference) throw new NeedsData([value]);
    return typeof value === 'number' ? value : invalid(`with.fields.${field} needs numbers, not ${kindOf(value)}.`);
  });
}

function sum(values: readonly number[], field: string): number {
  const total = values.reduce((so, value) => so + value, 0);
  return Number.isFinite(total) ? total : invalid(`with.fields.${field} is too large for a number.`);
}

/** The smallest value in the order of `sort`, or, with sign -1, the greatest; null if there is none. */
function extreme(fuel: Fuel, values: readonly unknown[], sign: number): unknown {
  let best: unknown = null;
  for (const value of values) {
    if (isLast(value)) continue;
    charge(fuel, 1);
    if (best === null || sign * compareKeys(fuel, value, best) < 0) best = value;
  }
  return best;
}

/** `op` of `aggregate`. `count` skips null. Without values, `sum` is 0, and `avg`, `min` and `max` are null. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  count: (_fuel, values) => present(values).length,
  sum: (fuel, values, field) => sum(numbers(fuel, values, field), field),
  avg: (fuel, values, field) => {
    const all = numbers(fuel, values, field);
    return all.length === 0 ? null : sum(all, field) / all.length;
  },
  min: (fuel, values) => extreme(fuel, values, 1),
  max: (fuel, values) => extreme(fuel, values, -1),
  first: (_fuel, values) => values[0] ?? null,
  last: (_fuel, values) => values.at(-1) ?? null,
  list: (_fuel, values) => values,
  unique: (fuel, values) => {
    const seen = new Set<string>();
    return values.filter((value) => {
      const key = keyOf(fuel, value);
      return !seen.has(key) && seen.add(key);
    });
  },
};
