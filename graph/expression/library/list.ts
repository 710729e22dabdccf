import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_LIST } from '../../limits.ts';
import { fail } from '../error.ts';
import { charge, chargeList, chargeText } from '../fuel.ts';
import { demand } from '../reference.ts';
import type { Fuel } from '../types.ts';
import { equals, sameValue, toText } from '../values.ts';
import { integer } from './arguments.ts';
import type { Methods } from './types.ts';

type List = readonly unknown[];

/** Methods of lists that take no function. None changes its list. */
export const listMethods: Methods<List> = {
  at: {
    signature: 'list.at(index)',
    summary: 'The element at the index; a negative index counts from the end.',
    example: ['[1, 2, 3].at(-1)', 3],
    takes: [0, 1],
    run: (fuel, self, [index]) => self.at(integer(fuel, index, 0)),
  },
  concat: {
    signature: 'list.concat(…others)',
    summary: 'The list, followed by the others: lists by their elements, anything else as one element.',
    example: ['[1].concat([2, 3], 4)', [1, 2, 3, 4]],
    takes: [0, Number.POSITIVE_INFINITY],
    run: (fuel, self, others) => {
      const parts = [self, ...others];
      chargeList(
        fuel,
        parts.reduce<number>((sum, part) => sum + (Array.isArray(part) ? part.length : 1), 0),
      );
      return ([] as unknown[]).concat(...parts);
    },
  },
  entries: {
    signature: 'list.entries()',
    summary: 'A list of `[index, element]`.',
    example: ["['a'].entries()", [[0, 'a']]],
    takes: [0, 0],
    run: (fuel, self) => {
      chargeList(fuel, self.length);
      charge(fuel, self.length >> 2);
      return self.map((entry, index) => [index, entry]);
    },
  },
  flat: {
    signature: 'list.flat(depth = 1)',
    summary: 'The list with each inner list replaced by its elements.',
    example: ['[1, [2, [3]]].flat()', [1, 2, [3]]],
    takes: [0, 1],
    run: (fuel, self, [depth]) => flatten(fuel, self, integer(fuel, depth, 1)),
  },
  includes: {
    signature: 'list.includes(value)',
    summary: 'Whether some element equals the value (lists and objects by content).',
    example: ["['a', 'b'].includes('b')", true],
    takes: [1, 1],
    run: (fuel, self, [value]) => {
      charge(fuel, self.length);
      return self.some((entry) => sameValue(fuel, entry, value));
    },
  },
  indexOf: {
    signature: 'list.indexOf(value)',
    summary: 'The index of the first occurrence of the value, or -1.',
    example: ["['a', 'b'].indexOf('b')", 1],
    takes: [1, 1],
    run: (fuel, self, [value]) => {
      charge(fuel, self.length);
      return self.findIndex((entry) => equals(fuel, entry, value));
    },
  },
  lastIndexOf: {
    signature: 'list.lastIndexOf(value)',
    summary: 'The index of the last occurrence of the value, or -1.',
    example: ['[1, 2, 1].lastIndexOf(1)', 2],
    takes: [1, 1],
    run: (fuel, self, [value]) => {
      charge(fuel, self.length);
      return self.findLastIndex((entry) => equals(fuel, entry, value));
    },
  },
  join: {
    signature: "list.join(separator = ',')",
    summary: 'All elements joined into one text; null and undefined are empty.',
    example: ["[1, 'a', null].join('-')", '1-a-'],
    takes: [0, 1],
    run: (fuel, self, [separator]) => join(fuel, self, separator === undefined ? ',' : toText(separator)),
  },
  keys: {
    signature: 'list.keys()',
    summary: 'The list of the indices.',
    example: ["['a', 'b'].keys()", [0, 1]],
    takes: [0, 0],
    run: (fuel, self) => {
      chargeList(fuel, self.length);
      charge(fuel, self.length >> 4);
      return self.map((_entry, index) => index);
    },
  },
  reverse: {
    signature: 'list.reverse()',
    summary: 'A new list in reverse order.',
    example: ['[1, 2].reverse()', [2, 1]],
    takes: [0, 0],
    run: reversed,
  },
  toReversed: {
    signature: 'list.toReversed()',
    summary: 'The same as `reverse`.',
    example: ['[1, 2].toReversed()', [2, 1]],
    takes: [0, 0],
    run: reversed,
  },
  slice: {
    signature: 'list.slice(from, to?)',
    summary: 'The elements from one index up to, but not including, another; negative indices count from the end.',
    example: ['[1, 2, 3, 4].slice(1, -1)', [2, 3]],
    takes: [0, 2],
    run: (fuel, self, [from, to]) => {
      const start = integer(fuel, from, 0);
      const end = integer(fuel, to, self.length);
      const absolute = (index: number) => (index < 0 ? Math.max(0, self.length + index) : Math.min(index, self.length));
      chargeList(fuel, Math.max(0, absolute(end) - absolute(start)));
      return self.slice(start, end);
    },
  },
  with: {
    signature: 'list.with(index, value)',
    summary: 'A new list with another element at the index.',
    example: ['[1, 2].with(0, 9)', [9, 2]],
    takes: [2, 2],
    run: (fuel, self, [index, value]) => {
      const at = integer(fuel, index, 0);
      if (at >= self.length || at < -self.length) fail('argument', `The list has no element ${at}.`);
      chargeList(fuel, self.length);
      return self.with(at, value);
    },
  },
};

function reversed(fuel: Fuel, self: List): unknown[] {
  chargeList(fuel, self.length);
  return self.toReversed();
}

/** Replaces inner lists by their elements, `depth` levels down; shared with `flatMap`. */
export function flatten(fuel: Fuel, list: List, depth: number): unknown[] {
  const result: unknown[] = [];
  const walk = (entries: List, left: number, level: number) => {
    // Each visit is paid for, not only the result: a shared inner list held twice per level, 30 levels deep, is costly.
    charge(fuel, 1 + (entries.length >> 1));
    for (const entry of entries) {
      demand(entry);
      if (Array.isArray(entry) && left > 0) {
        if (level >= MAX_EXPRESSION_DEPTH) fail('depth', `The list is nested deeper than ${MAX_EXPRESSION_DEPTH}.`);
        walk(entry, left - 1, level + 1);
      } else {
        if (result.length >= MAX_EXPRESSION_LIST)
          fail('too-large', `The list would be longer than ${MAX_EXPRESSION_LIST}.`);
        result.push(entry);
      }
    }
  };
  walk(list, depth, 0);
  return result;
}

function join(fuel: Fuel, self: List, separator: string): string {
  charge(fuel, self.length >> 2);
  let length = Math.max(0, self.length - 1) * separator.length;
  const parts = self.map((entry) => {
    const part = entry === null || entry === undefined ? '' : toText(entry);
    length += part.length;
    return part;
  });
  chargeText(fuel, length);
  return parts.join(separator);
}
