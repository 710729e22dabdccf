import type { Json } from '../json.ts';
import { readPointer } from './reference.ts';

/** Longest value that stays beside a reference, and longest total of these values. */
const INLINE_VALUE = 2_048;
const INLINE_TOTAL = 16_384;

/** The values at these pointers that stay beside a reference to `value`: those that are read downstream and are small. */
export function inlineValues(value: unknown, pointers: readonly string[]): Record<string, Json> {
  const inline: Record<string, Json> = {};
  let total = 0;
  for (const pointer of pointers) {
    const found = read(value, pointer);
    // A value that cannot be read fails where it is needed, just as it does if the output travels by value.
    if (found === UNREADABLE) continue;
    const size = (JSON.stringify(found) ?? 'null').length;
    if (size > INLINE_VALUE || total + size > INLINE_TOTAL) continue;
    total += size;
    inline[pointer] = (found ?? null) as Json;
  }
  return inline;
}

const UNREADABLE = Symbol('unreadable');

/** The value at a pointer, unless the path leads through null. */
function read(value: unknown, pointer: string): unknown {
  try {
    return readPointer(value, pointer);
  } catch {
    return UNREADABLE;
  }
}
