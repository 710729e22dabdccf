import type { Json } from '../../graph/json.ts';
import { ApiProblem } from './problem.ts';

/**
 * Names that strangers send to change what all objects have. Nothing here copies by name into objects with a prototype,
 * but the data go on to scripts and services that may.
 */
const POLLUTES = /__proto__|constructor[.[\]'"]+prototype/;
/** A text without a match has none of these names, also not in another spelling. */
const SUSPICIOUS = /__proto__|constructor|\\u00/i;

/** @throws ApiProblem `body.invalid` if the name of a field is one that changes what all objects have */
export function requireHarmlessName(name: string, what = 'body'): void {
  if (POLLUTES.test(name))
    throw new ApiProblem('body.invalid', `The ${what} has a field named like "__proto__", which is refused.`);
}

/**
 * Looks through JSON that a stranger sent. A key `constructor` alone is fine.
 *
 * @param text what the value was parsed from: most texts are soon seen to be harmless
 * @throws ApiProblem `body.invalid`
 */
export function requireHarmless(value: Json, text: string, what?: string): void {
  if (!SUSPICIOUS.test(text)) return;
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next)) for (const key of Object.keys(next)) requireHarmlessKey(next, key, what);
    for (const inner of Object.values(next)) open.push(inner);
  }
}

function requireHarmlessKey(object: { readonly [key: string]: Json }, key: string, what?: string): void {
  const inner = object[key];
  const isChain = key === 'constructor' && typeof inner === 'object' && inner !== null;
  requireHarmlessName(isChain && Object.hasOwn(inner, 'prototype') ? 'constructor.prototype' : key, what);
}
