import { ANY, once } from './parameters.ts';
import type { DataNode } from './types.ts';

/** `set`: a value, for later nodes to read. */
export const set: DataNode = {
  params: { value: { required: true, schema: ANY } },
  run: (input) => once(input, 'value') ?? null,
};
