import { fail } from '../error.ts';
import { charge, chargeList, chargeSince, chargeText, growList } from '../fuel.ts';
import { demand } from '../reference.ts';
import type { Fuel } from '../types.ts';
import { isLess, isTrue, toNumber, toText } from '../values.ts';
import { callback } from './arguments.ts';
import type { LibraryMethod, Methods } from './types.ts';

type List = readonly unknown[];
type ListMethod = LibraryMethod<List>;

/** A method that calls its function for each element. */
const testing = (
  name: string,
  summary: string,
  example: readonly [string, unknown],
  run: (self: List, test: (entry: unknown, index: number) => boolean) => unknown,
): ListMethod => ({
  signature: `list.${name}((element, index) => …)`,
  summary,
  example,
  takes: [1, 1],
  callback: 0,
  run: (fuel, self, [given]) => {
    const call = callback(given, `.${name}()`);
    return run(self, (entry, index) => {
      charge(fuel, 1);
      return isTrue(call(entry, index, self));
    });
  },
});

const sorting = (name: string, summary: string): ListMethod => ({
  signature: `list.${name}((a, b) => …)`,
  summary,
  example: [`[3, 1, 2].${name}((a, b) => a - b)`, [1, 2, 3]],
  takes: [0, 1],
  callback: 0,
  run: (fuel, self, [compare]) => {
    chargeList(fuel, self.length);
    if (compare === undefined) return sortedAsText(fuel, self);
    const call = callback(compare, `.${name}()`);
    return self.toSorted((a, b) => {
      charge(fuel, 1);
      const order = toNumber(fuel, call(a, b), 'A number from the comparison');
      return Number.isNaN(order) ? 0 : order;
    });
  },
});

/** Methods of lists that take a function. None changes its list. */
export const listCallbackMethods: Methods<List> = {
  map: {
    signature: 'list.map((element, index) => …)',
    summary: 'The list of the results of the function for each element.',
    example: ['[1, 2].map(x => x * 10)', [10, 20]],
    takes: [1, 1],
    callback: 0,
    run: (fuel, self, [given]) => {
      const call = callback(given, '.map()');
      chargeList(fuel, self.length);
      return mapEach(fuel, self, call);
    },
  },
  flatMap: {
    signature: 'list.flatMap((element, index) => …)',
    summary: 'Like `map`, followed by `flat`.',
    example: ['[1, 2].flatMap(x => [x, x])', [1, 1, 2, 2]],
    takes: [1, 1],
    callback: 0,
    run: (fuel, self, [given]) => {
      const call = callback(given, '.flatMap()');
      const result: unknown[] = [];
      for (const [index, entry] of self.entries()) {
        charge(fuel, 1);
        const made = call(entry, index, self);
        demand(made);
        const some: List = Array.isArray(made) ? made : [made];
        growList(fuel, result.length, some.length);
        chargeSince(7, fuel, some.length >> 2);
        for (const one of some) result.push(one);
      }
      return result;
    },
  },
  filter: testing(
    'filter',
    'The elements for which the function is true.',
    ['[1, 2, 3].filter(x => x > 1)', [2, 3]],
    (self, test) => self.filter(test),
  ),
  find: testing(
    'find',
    'The first element for which the function is true.',
    ['[1, 2, 3].find(x => x > 1)', 2],
    (self, test) => self.find(test),
  ),
  findIndex: testing(
    'findIndex',
    'The index of that first element, or -1.',
    ['[1, 2, 3].findIndex(x => x > 1)', 1],
    (self, test) => self.findIndex(test),
  ),
  findLast: testing(
    'findLast',
    'The last element for which the function is true.',
    ['[1, 2].findLast(x => x > 0)', 2],
    (self, test) => self.findLast(test),
  ),
  findLastIndex: testing(
    'findLastIndex',
    'The index of that last element, or -1.',
    ['[1, 2].findLastIndex(x => x > 9)', -1],
    (self, test) => self.findLastIndex(test),
  ),
  some: testing(
    'some',
    'Whether the function is true for some element.',
    ['[1, 2].some(x => x > 1)', true],
    (self, test) => self.some(test),
  ),
  every: testing(
    'every',
    'Whether the function is true for all elements.',
    ['[1, 2].every(x => x > 1)', false],
    (self, test) => self.every(test),
  ),
  reduce: {
    signature: 'list.reduce((result, element, index) => …, start?)',
    summary: 'One result from all elements, combined from first to last.',
    example: ['[1, 2, 3].reduce((sum, x) => sum + x, 0)', 6],
    takes: [1, 2],
    callback: 0,
    run: (fuel, self, args) => {
      const call = callback(args[0], '.reduce()');
      if (args.length < 2 && self.length === 0) fail('argument', 'An empty list needs a start: .reduce(…, 0).');
      let result = args.length < 2 ? self[0] : args[1];
      for (let index = args.length < 2 ? 1 : 0; index < self.length; index += 1) {
        charge(fuel, 1);
        result = call(result, self[index], index, self);
      }
      return result;
    },
  },
  sort: sorting(
    'sort',
    'A new, sorted list; equal elements keep their order. Without a function, elements are compared as texts, by UTF-16 units.',
  ),
  toSorted: sorting('toSorted', 'The same as `sort`.'),
};

/** The results of `call` for each element. The caller has paid for the list. */
export function mapEach(fuel: Fuel, self: List, call: (...args: unknown[]) => unknown): unknown[] {
  return self.map((entry, index) => {
    charge(fuel, 1);
    return call(entry, index, self);
  });
}

/** JavaScript's order without a comparison function: by text, undefined last. */
function sortedAsText(fuel: Fuel, self: List): unknown[] {
  const keyed = self
    .filter((entry) => entry !== undefined)
    .map((value) => {
      const key = toText(value);
      if (key !== value) chargeText(fuel, key.length);
      return { key, value };
    });
  keyed.sort((a, b) => {
    charge(fuel, 1);
    return isLess(fuel, a.key, b.key) ? -1 : isLess(fuel, b.key, a.key) ? 1 : 0;
  });
  const sorted: unknown[] = keyed.map(({ value }) => value);
  while (sorted.length < self.length) sorted.push(undefined);
  return sorted;
}
