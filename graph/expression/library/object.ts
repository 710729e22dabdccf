import { fail } from '../error.ts';
import { charge, chargeList, chargeMaking, chargeProperties, chargeSince } from '../fuel.ts';
import { demand } from '../reference.ts';
import type { Fuel } from '../types.ts';
import { type Fields, isObject, kindOf, put, toText } from '../values.ts';
import { callback, list, objectOrList } from './arguments.ts';
import { mapEach } from './list-callback.ts';
import type { Functions } from './types.ts';

/** The own keys of an object, after paying for them. */
function keysOf(fuel: Fuel, value: unknown, what: string): string[] {
  const fields = objectOrList(value, what);
  if (Array.isArray(fields)) chargeList(fuel, fields.length);
  const keys = Object.keys(fields);
  chargeProperties(fuel, keys.length);
  return keys;
}

/** `Object.*` and `Array.*` */
export const object: Functions = {
  'Object.keys': {
    signature: 'Object.keys(object)',
    summary: 'The names of the properties, as a list.',
    example: ['Object.keys({ a: 1, b: 2 })', ['a', 'b']],
    takes: [1, 1],
    run: (fuel, [value]) => keysOf(fuel, value, 'Object.keys'),
  },
  'Object.values': {
    signature: 'Object.values(object)',
    summary: 'The values of the properties, as a list.',
    example: ['Object.values({ a: 1, b: 2 })', [1, 2]],
    takes: [1, 1],
    run: (fuel, [value]) => keysOf(fuel, value, 'Object.values').map((key) => (value as Fields)[key]),
  },
  'Object.entries': {
    signature: 'Object.entries(object)',
    summary: 'A list of `[name, value]`.',
    example: ['Object.entries({ a: 1 })', [['a', 1]]],
    takes: [1, 1],
    run: (fuel, [value]) => keysOf(fuel, value, 'Object.entries').map((key) => [key, (value as Fields)[key]]),
  },
  'Object.fromEntries': {
    signature: 'Object.fromEntries(entries)',
    summary: 'The object made from a list of `[name, value]`.',
    example: ["Object.fromEntries([['a', 1]])", { a: 1 }],
    takes: [1, 1],
    run: (fuel, [entries]) => {
      const given = list(entries, 'Object.fromEntries');
      chargeList(fuel, given.length);
      charge(fuel, given.length >> 1);
      chargeMaking(fuel, given.length);
      const result: Fields = {};
      for (const entry of given) {
        demand(entry);
        if (!Array.isArray(entry)) fail('type', `Object.fromEntries takes [name, value] pairs, not ${kindOf(entry)}.`);
        const [key, value] = entry as unknown[];
        const name = toText(key, 'A property name');
        charge(fuel, name.length >> 6);
        put(result, name, value);
      }
      return result;
    },
  },
  'Object.assign': {
    signature: 'Object.assign(…objects)',
    summary: 'A new object with the properties of all arguments; later ones win. The arguments do not change.',
    example: ['Object.assign({ a: 1, b: 1 }, { b: 2 })', { a: 1, b: 2 }],
    takes: [1, Number.POSITIVE_INFINITY],
    run: (fuel, sources) => {
      const result: Fields = {};
      for (const source of sources) {
        if (source === null || source === undefined) continue;
        const keys = keysOf(fuel, source, 'Object.assign');
        chargeMaking(fuel, keys.length);
        for (const key of keys) put(result, key, (source as Fields)[key]);
      }
      return result;
    },
  },
  'Object.hasOwn': {
    signature: 'Object.hasOwn(object, name)',
    summary: 'Whether the object has that property.',
    example: ["Object.hasOwn({ a: 1 }, 'a')", true],
    takes: [2, 2],
    run: (fuel, [value, key]) => {
      const name = toText(key, 'A property name');
      charge(fuel, name.length >> 6);
      return Object.hasOwn(objectOrList(value, 'Object.hasOwn'), name);
    },
  },
  'Object.groupBy': {
    signature: 'Object.groupBy(list, (element, index) => …)',
    summary: 'An object with lists of elements, grouped by the text that the function returns for each.',
    example: ["Object.groupBy([1, 2, 3], x => x % 2 ? 'odd' : 'even')", { odd: [1, 3], even: [2] }],
    takes: [2, 2],
    callback: 1,
    run: (fuel, [entries, given]) => {
      const call = callback(given, 'Object.groupBy');
      const all = list(entries, 'Object.groupBy');
      chargeList(fuel, all.length);
      const groups: Fields = {};
      for (const [index, entry] of all.entries()) {
        charge(fuel, 2);
        const name = toText(call(entry, index), 'A group name');
        charge(fuel, name.length >> 6);
        if (!Object.hasOwn(groups, name)) {
          chargeSince(3, fuel, 4);
          put(groups, name, []);
        }
        (groups[name] as unknown[]).push(entry);
      }
      return groups;
    },
  },
  'Array.isArray': {
    signature: 'Array.isArray(value)',
    summary: 'Whether the value is a list.',
    example: ['Array.isArray([])', true],
    takes: [1, 1],
    run: (_fuel, [value]) => Array.isArray(value),
  },
  'Array.from': {
    signature: 'Array.from(source, (element, index) => …?)',
    summary: 'A list from a list, from the characters of a text, or of `{ length: n }` elements.',
    example: ['Array.from({ length: 3 }, (_, index) => index * 2)', [0, 2, 4]],
    takes: [1, 2],
    callback: 1,
    run: (fuel, [source, given]) => {
      const entries = elementsOf(fuel, source);
      return given === undefined ? entries : mapEach(fuel, entries, callback(given, 'Array.from'));
    },
  },
};

function elementsOf(fuel: Fuel, source: unknown): unknown[] {
  if (typeof source === 'string' || Array.isArray(source)) {
    chargeList(fuel, source.length);
    return [...source];
  }
  const length = isObject(source) && Object.hasOwn(source, 'length') ? source.length : undefined;
  if (typeof length !== 'number' || !(length >= 0)) {
    return fail('type', 'Array.from takes a list, a text or { length: n } with n of 0 or more.');
  }
  chargeList(fuel, Math.floor(length));
  return new Array(Math.floor(length)).fill(undefined);
}
