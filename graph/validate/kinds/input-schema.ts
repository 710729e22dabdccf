import type { Graph } from '../../document/types.ts';
import type { JsonSchema } from '../../json.ts';

/** Work that may be spent on following the author's own schema: well under a second. */
const BUDGET = 500_000;

/** The schema of `input`, for a limited number of reads, because the author may have made it slow on purpose. */
export interface InputSchema {
  /** The schema, or null if there is none, it has references, or the time is used up. */
  next(): JsonSchema | null;
}

/** The schema of a graph's `input`. A schema with `$ref` is not followed, because it can contain itself many times. */
export function inputSchema({ input }: Graph): InputSchema {
  const size = input === undefined ? null : sizeOf(input);
  let left = BUDGET;
  return {
    next() {
      if (input === undefined || size === null || left < size) return null;
      left -= size;
      return input;
    },
  };
}

/** Values in a schema; null if it has a `$ref`. */
function sizeOf(schema: unknown): number | null {
  let size = 0;
  const left: unknown[] = [schema];
  while (left.length > 0) {
    const value = left.pop();
    size += 1;
    if (value === null || typeof value !== 'object') continue;
    if (Object.hasOwn(value, '$ref') || Object.hasOwn(value, '$dynamicRef')) return null;
    for (const inner of Object.values(value)) left.push(inner);
  }
  return size;
}
