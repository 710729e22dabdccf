import { charge, chargeMaking, growList, hasPrices } from '../expression/fuel.ts';
import { readOwn } from '../expression/reference.ts';
import { type Fields, isObject, kindOf, put } from '../expression/values.ts';
import { asList, LIST, once, onceList } from './parameters.ts';
import { type DataInput, type DataNode, invalid } from './types.ts';

/** `splitOut`: one element for each entry of a list that the elements hold under `field`. */
export const splitOut: DataNode = {
  params: {
    items: { required: true, schema: LIST },
    field: { required: true, schema: { type: 'string' } },
    include: { schema: { anyOf: [{ enum: ['none', 'all'] }, { type: 'array', items: { type: 'string' } }] } },
  },
  run: (input) => {
    const items = onceList(input, 'items');
    const field = once(input, 'field');
    if (typeof field !== 'string') return invalid(`with.field must be the name of a field, not ${kindOf(field)}.`);
    const include = readInclude(input);
    const result: unknown[] = [];
    for (const [index, item] of items.entries()) {
      charge(input.fuel, 1);
      const inner = readOwn(item ?? invalid(`with.items[${index}] is ${item}; each element must be an object.`), field);
      if (inner === null || inner === undefined) continue;
      const entries = asList(inner, `${field} of with.items[${index}]`);
      growList(input.fuel, result.length, entries.length);
      for (const entry of entries) result.push(include === 'none' ? entry : joined(input, item, field, entry, include));
    }
    return result;
  },
};

type Include = 'none' | 'all' | readonly string[];

function readInclude(input: DataInput): Include {
  const include = once(input, 'include') ?? 'none';
  if (include === 'none' || include === 'all') return include;
  if (Array.isArray(include) && include.every((name) => typeof name === 'string')) return include;
  return invalid('with.include must be none, all or a list of field names.');
}

/** The chosen fields of the element, with one entry under `field`. */
function joined({ fuel }: DataInput, item: unknown, field: string, entry: unknown, include: Include): Fields {
  const result: Fields = {};
  const names = include === 'all' ? Object.keys(isObject(item) ? item : {}) : (include as readonly string[]);
  charge(fuel, 1 + (names.length >> 2));
  // Above a thousand names an object is a hash table, which is made name by name.
  if (hasPrices(7, fuel)) chargeMaking(fuel, names.length > 1_024 ? 4 * names.length : names.length);
  for (const name of names) {
    const value = readOwn(item, name);
    if (name !== field && value !== undefined) put(result, name, value);
  }
  put(result, field, entry);
  return result;
}
