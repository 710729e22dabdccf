import { MAX_EXPRESSION_DEPTH } from '../limits.ts';
import { fail } from './error.ts';
import { charge, chargeProperties, takeRoom } from './fuel.ts';
import { Reference } from './reference.ts';
import type { Fuel } from './types.ts';
import { type Fields, put } from './values.ts';

/** A reference found in a value, and its place: a JSON Pointer into the value. */
export interface ReferenceAt {
  readonly at: string;
  readonly reference: Reference;
}

/**
 * The value as JSON holds it: undefined fields left out, undefined list entries as null, -0 as 0. References stay where
 * they are. Parts that need no change are not copied.
 *
 * @throws ExpressionError `not-finite` for NaN and infinities, `depth` and `too-large` beyond the caps, `fuel`
 */
export function settle(fuel: Fuel, value: unknown): unknown {
  return walk(fuel, value, '', undefined, 0);
}

/**
 * Like `settle`, but with null in place of each reference, and the references beside the value.
 *
 * @example detach(fuel, { body: reference }) // { value: { body: null }, refs: [{ at: '/body', reference }] }
 */
export function detach(fuel: Fuel, value: unknown): { value: unknown; refs: ReferenceAt[] } {
  const refs: ReferenceAt[] = [];
  return { value: walk(fuel, value, '', refs, 0), refs };
}

function walk(fuel: Fuel, value: unknown, at: string, refs: ReferenceAt[] | undefined, depth: number): unknown {
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      fail('not-finite', `The result${at && ` (at ${at})`} is ${value}, which JSON cannot hold.`);
    return value === 0 ? 0 : value;
  }
  if (typeof value === 'string') takeRoom(fuel, value.length);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Reference) {
    refs?.push({ at, reference: value });
    return refs === undefined ? value : null;
  }
  if (depth >= MAX_EXPRESSION_DEPTH) fail('depth', `The result is nested deeper than ${MAX_EXPRESSION_DEPTH}.`);
  if (Array.isArray(value)) {
    charge(fuel, 2 + (value.length >> 2));
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const entry = value[index];
      const settled = walk(fuel, entry, pointer(refs, at, index), refs, depth + 1) ?? null;
      if (settled !== entry || Object.is(entry, -0)) copy ??= value.slice(0, index);
      if (copy !== undefined) copy[index] = settled;
    }
    return copy ?? value;
  }
  return walkObject(fuel, value as Fields, at, refs, depth);
}

function walkObject(fuel: Fuel, value: Fields, at: string, refs: ReferenceAt[] | undefined, depth: number): Fields {
  const keys = Object.keys(value);
  charge(fuel, 1);
  chargeProperties(fuel, keys.length);
  let copy: Fields | undefined;
  for (const [index, key] of keys.entries()) {
    const entry = value[key];
    takeRoom(fuel, key.length);
    const settled = walk(fuel, entry, pointer(refs, at, key), refs, depth + 1);
    if (copy === undefined && (settled !== entry || settled === undefined || Object.is(entry, -0))) {
      copy = {};
      for (const earlier of keys.slice(0, index)) put(copy, earlier, value[earlier]);
    }
    if (copy !== undefined && settled !== undefined) put(copy, key, settled);
  }
  return copy ?? value;
}

/** Pointers are built only if references are reported; in other walks they would be wasted work. */
function pointer(refs: ReferenceAt[] | undefined, at: string, key: string | number): string {
  if (refs === undefined) return '';
  return `${at}/${typeof key === 'number' ? key : key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
