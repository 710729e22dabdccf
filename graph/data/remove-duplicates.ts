import { keyOf } from '../expression/library/key.ts';
import { ANY, fieldOf, LIST, onceList, perElement } from './parameters.ts';
import type { DataNode } from './types.ts';

/** `removeDuplicates`: keeps the first of all elements with equal `by` (default: of all equal elements). */
export const removeDuplicates: DataNode = {
  params: { items: { required: true, schema: LIST }, by: { perElement: true, schema: ANY } },
  run: (input) => {
    const items = onceList(input, 'items');
    const by = fieldOf(input.with, 'by');
    const read = by === undefined ? (item: unknown) => item : perElement(input, by, 'with.by', 'a slip');
    const seen = new Set<string>();
    return items.filter((item, index) => {
      const key = keyOf(input.fuel, read(item, index));
      return !seen.has(key) && seen.add(key);
    });
  },
};
