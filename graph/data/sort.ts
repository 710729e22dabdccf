import { charge } from '../expression/fuel.ts';
import { resolveInPlace } from '../expression/resolve.ts';
import type { Template } from '../expression/types.ts';
import { compareKeys, isLast } from './order.ts';
import { entriesOf, fieldOf, LIST, onceList, type PerElement, perElement } from './parameters.ts';
import { type DataInput, type DataNode, invalid } from './types.ts';

/** `sort`: stable, by one key after another, null last in either order. Without `by`: by the elements themselves. */
export const sort: DataNode = {
  params: {
    items: { required: true, schema: LIST },
    by: {
      perElement: true,
      schema: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['key'],
          properties: { key: {}, order: { type: 'string', enum: ['asc', 'desc'] } },
          additionalProperties: false,
        },
      },
    },
  },
  run: (input) => {
    const items = onceList(input, 'items');
    const keys = readKeys(input);
    const rows = items.map((item, index) => ({ item, values: keys.map(({ read }) => read(item, index)) }));
    rows.sort((a, b) => {
      for (const [index, { descending }] of keys.entries()) {
        charge(input.fuel, 1);
        const order = compare(input, a.values[index], b.values[index], descending);
        if (order !== 0) return order;
      }
      return 0;
    });
    return rows.map(({ item }) => item);
  },
};

function compare({ fuel }: DataInput, a: unknown, b: unknown, descending: boolean): number {
  const aLast = isLast(a);
  const bLast = isLast(b);
  if (aLast || bLast) return Number(aLast) - Number(bLast);
  const order = compareKeys(fuel, a, b);
  return descending ? -order : order;
}

function readKeys(input: DataInput): { read: PerElement; descending: boolean }[] {
  const by = fieldOf(input.with, 'by');
  if (by === undefined) return [{ read: (item) => item, descending: false }];
  const entries: readonly Template[] = entriesOf(by) ?? invalid('with.by must be a list of { key, order }.');
  return entries.map((entry, index) => {
    const field = `with.by[${index}]`;
    const key = fieldOf(entry, 'key') ?? invalid(`${field}.key is missing.`);
    const order = fieldOf(entry, 'order');
    const given = order === undefined ? null : resolveInPlace(order, input.scope, input.fuel, `${field}.order`);
    const word = given ?? 'asc';
    if (word !== 'asc' && word !== 'desc') invalid(`${field}.order must be asc or desc.`);
    return { read: perElement(input, key, `${field}.key`, 'a slip'), descending: word === 'desc' };
  });
}
