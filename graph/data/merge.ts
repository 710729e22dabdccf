import { charge, chargeSince, growList } from '../expression/fuel.ts';
import { keyOf } from '../expression/library/key.ts';
import { NeedsData, Reference } from '../expression/reference.ts';
import type { Template } from '../expression/types.ts';
import { type Fields, isObject, kindOf } from '../expression/values.ts';
import {
  ANY,
  asList,
  entriesOf,
  fieldOf,
  LIST,
  onceList,
  onceWord,
  type PerElement,
  perElement,
} from './parameters.ts';
import { type DataInput, type DataNode, invalid } from './types.ts';

const MODES = ['append', 'position', 'key'] as const;
const KEEPS = ['matched', 'first', 'all'] as const;
type Keep = (typeof KEEPS)[number];

/** A row being built, and its key (null never matches). */
interface Row {
  readonly fields: Fields;
  readonly key: string | null;
}

/** `merge`: joins lists one after another, side by side, or by a key. Fields of later lists win. */
export const merge: DataNode = {
  params: {
    mode: { required: true, schema: { type: 'string', enum: [...MODES] } },
    lists: { required: true, schema: { type: 'array', items: LIST } },
    key: { perElement: true, schema: ANY },
    keep: { schema: { type: 'string', enum: [...KEEPS] } },
  },
  run: (input) => {
    const lists = onceList(input, 'lists').map((list, index) => asList(list, `with.lists[${index}]`));
    const mode = onceWord(input, 'mode', MODES);
    const keep = onceWord(input, 'keep', KEEPS);
    if (mode === 'append') return append(input, lists);
    return mode === 'position' ? byPosition(input, lists, keep) : byKey(input, lists, keep);
  },
};

function append({ fuel }: DataInput, lists: readonly (readonly unknown[])[]): unknown[] {
  const result: unknown[] = [];
  for (const list of lists) {
    growList(fuel, result.length, list.length);
    for (const item of list) result.push(item);
  }
  return result;
}

function byPosition(input: DataInput, lists: readonly (readonly unknown[])[], keep: Keep): Fields[] {
  const lengths = lists.map((list) => list.length);
  const ends = { matched: Math.min(...lengths), first: lengths[0] ?? 0, all: Math.max(...lengths) };
  const length = lists.length === 0 ? 0 : ends[keep];
  growList(input.fuel, 0, length);
  return Array.from({ length }, (_, index) => {
    chargeSince(7, input.fuel, lists.length >> 2);
    return lists
      .filter((list) => index < list.length)
      .reduce<Fields>((row, list) => joined(input, row, object(list[index], index)), {});
  });
}

function byKey(input: DataInput, lists: readonly (readonly unknown[])[], keep: Keep): Fields[] {
  const readers = readKeys(input, lists.length);
  const [first = [], ...rest] = lists.map((list, position) =>
    list.map((item, index): Row => {
      const value = readers[position]?.(item, index);
      const none = value === null || value === undefined;
      return { fields: object(item, index), key: none ? null : keyOf(input.fuel, value) };
    }),
  );
  return rest.reduce<Row[]>((rows, list) => join(input, rows, list, keep), first).map((row) => row.fields);
}

/** Joins one more list. Every pair of elements with equal keys gives a row, as in SQL. */
function join(input: DataInput, rows: readonly Row[], list: readonly Row[], keep: Keep): Row[] {
  const index = new Map<string, Row[]>();
  for (const row of list) {
    if (row.key === null) continue;
    const same = index.get(row.key);
    if (same === undefined) index.set(row.key, [row]);
    else same.push(row);
  }
  const result: Row[] = [];
  const matched = new Set<string>();
  for (const row of rows) {
    const partners = row.key === null ? [] : (index.get(row.key) ?? []);
    growList(input.fuel, result.length, partners.length + 1);
    if (partners.length === 0 && keep !== 'matched') result.push(row);
    if (partners.length > 0 && row.key !== null) matched.add(row.key);
    for (const partner of partners) result.push({ key: row.key, fields: joined(input, row.fields, partner.fields) });
  }
  if (keep === 'all') {
    const others = list.filter((row) => row.key === null || !matched.has(row.key));
    growList(input.fuel, result.length, others.length);
    for (const row of others) result.push(row);
  }
  return result;
}

function readKeys(input: DataInput, count: number): PerElement[] {
  const template: Template = fieldOf(input.with, 'key') ?? invalid('with.key is missing: mode key joins by it.');
  const several = entriesOf(template);
  if (several !== undefined && several.length !== count) {
    invalid(`with.key lists ${several.length} keys for ${count} lists; write one, or one per list.`);
  }
  return Array.from({ length: count }, (_, index) => {
    const field = several === undefined ? 'with.key' : `with.key[${index}]`;
    return perElement(input, several?.[index] ?? template, field, 'a slip');
  });
}

function object(item: unknown, index: number): Fields {
  if (item instanceof Reference) throw new NeedsData([item]);
  return isObject(item) ? item : invalid(`merge joins objects, but element ${index} is ${kindOf(item)}.`);
}

function joined({ fuel }: DataInput, left: Fields, right: Fields): Fields {
  for (const source of [left, right]) {
    const { length } = Object.keys(source);
    charge(fuel, 1 + (length >> 2));
    chargeSince(7, fuel, length > 32 ? 2 * length : length >> 1);
  }
  return { ...left, ...right };
}
