import { Reference } from './expression/runtime.ts';

/** What a text, a list or an object takes apart from what is in it, and what each property takes, in bytes. */
const TEXT = 16;
const OBJECT = 32;
const PROPERTY = 16;
const SCALAR = 8;
/** A reference without what travels inline. */
const REFERENCE = 400;

/** About how many bytes of memory a value takes: counted, not measured, so that every replay gets the same number. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return TEXT + value.length;
  if (typeof value !== 'object' || value === null) return SCALAR;
  let bytes = OBJECT;
  if (value instanceof Reference) return REFERENCE + weigh(value.inline);
  if (Array.isArray(value)) for (const entry of value) bytes += weigh(entry);
  else for (const key of Object.keys(value)) bytes += PROPERTY + weigh((value as Record<string, unknown>)[key]);
  return bytes;
}

/** Shorter texts never are parts of others. */
const SHORTEST_PART = 13;

/**
 * The same value without hidden memory: V8 keeps a part of a text as a view of the whole text, so that a hundred
 * characters may hold a megabyte.
 */
export function owned<T>(value: T): T;
export function owned(value: unknown): unknown {
  if (typeof value === 'string') return value.length < SHORTEST_PART ? value : ` ${value}`.slice(1);
  if (typeof value !== 'object' || value === null || value instanceof Reference) return value;
  if (Array.isArray(value)) return value.map(owned);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const entry = owned((value as Record<string, unknown>)[key]);
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: entry, writable: true, enumerable: true, configurable: true });
    else copy[key] = entry;
  }
  return copy;
}
