import { chargeMaking, chargeSince, hasPrices } from '../expression/fuel.ts';
import { keyOf } from '../expression/library/key.ts';
import type { Template } from '../expression/types.ts';
import { type Fields, put } from '../expression/values.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { fieldOf, fieldsOf, LIST, onceList, type PerElement, perElement } from './parameters.ts';
import { type DataInput, type DataNode, invalid } from './types.ts';

interface Column {
  readonly name: string;
  readonly operation: Operation;
  readonly read: PerElement | undefined;
}

/** `aggregate`: sums, counts and the like over all elements, or over groups, in order of their first appearance. */
export const aggregate: DataNode = {
  params: {
    items: { required: true, schema: LIST },
    groupBy: { perElement: true, schema: { type: 'object' } },
    fields: {
      required: true,
      perElement: true,
      schema: {
        type: 'object',
        additionalProperties: {
          type: 'object',
          required: ['op'],
          properties: { op: { type: 'string', enum: Object.keys(OPERATIONS) }, of: {} },
          additionalProperties: false,
        },
      },
    },
  },
  run: (input) => {
    const items = onceList(input, 'items');
    const columns = readColumns(input);
    const groupBy = fieldOf(input.with, 'groupBy');
    if (groupBy === undefined)
      return summarise(
        input,
        items,
        items.map((_item, index) => index),
        columns,
        {},
      );
    const groups = group(input, items, groupBy);
    return groups.map(({ names, members }) => summarise(input, items, members, columns, names));
  },
};

function readColumns(input: DataInput): Column[] {
  return fieldsOf(fieldOf(input.with, 'fields'), 'with.fields').map(([name, template]) => {
    const op = fieldOf(template, 'op');
    const word = op?.[0] === 'v' ? op[1] : undefined;
    const known = typeof word === 'string' && Object.hasOwn(OPERATIONS, word) ? OPERATIONS[word] : undefined;
    const operation = known ?? invalid(`with.fields.${name}.op must be one of ${Object.keys(OPERATIONS).join(', ')}.`);
    const of = fieldOf(template, 'of');
    return { name, operation, read: of && perElement(input, of, `with.fields.${name}.of`, 'a slip') };
  });
}

function group(input: DataInput, items: readonly unknown[], groupBy: Template): { names: Fields; members: number[] }[] {
  const readers = fieldsOf(groupBy, 'with.groupBy').map(
    ([name, template]) => [name, perElement(input, template, `with.groupBy.${name}`, 'a slip')] as const,
  );
  const groups = new Map<string, { names: Fields; members: number[] }>();
  for (const [index, item] of items.entries()) {
    const values = readers.map(([, read]) => read(item, index) ?? null);
    const key = keyOf(input.fuel, values);
    let found = groups.get(key);
    if (found === undefined) {
      found = { names: {}, members: [] };
      for (const [column, [name]] of readers.entries()) put(found.names, name, values[column]);
      groups.set(key, found);
    }
    found.members.push(index);
  }
  return [...groups.values()];
}

function summarise(
  { fuel }: DataInput,
  items: readonly unknown[],
  members: readonly number[],
  columns: readonly Column[],
  names: Fields,
): Fields {
  const result: Fields = { ...names };
  chargeSince(7, fuel, 1 + columns.length);
  if (hasPrices(7, fuel)) chargeMaking(fuel, 2 * columns.length);
  for (const { name, operation, read } of columns) {
    chargeSince(7, fuel, 1 + (members.length >> 1));
    const values = members.map((index) => (read === undefined ? items[index] : (read(items[index], index) ?? null)));
    put(result, name, operation(fuel, values, name));
  }
  return result;
}
