import { MAX_EXPRESSION_LIST } from '../../limits.ts';
import { fail } from '../error.ts';
import { charge, chargeList, chargeScan, chargeSince } from '../fuel.ts';
import type { Fuel } from '../types.ts';

/** The engine itself searches for needles up to this length, because its worst case is then close to linear. */
const SHORT = 8;

/**
 * `haystack.indexOf(needle, from)`, with every comparison paid for. In the worst case, JavaScript's own search takes
 * time in proportion to the product of both lengths (seen: minutes for two texts of 1 MB).
 */
export function indexOf(fuel: Fuel, haystack: string, needle: string, from = 0): number {
  chargeScan(fuel, haystack.length);
  chargeSince(2, fuel, haystack.length >> 6);
  chargeSince(3, fuel, haystack.length >> 5);
  return search(fuel, haystack, needle, from);
}

function search(fuel: Fuel, haystack: string, needle: string, from: number): number {
  if (needle.length <= SHORT) return haystack.indexOf(needle, from);
  const head = needle.slice(0, SHORT);
  let at = haystack.indexOf(head, from);
  while (at !== -1) {
    charge(fuel, 1 + (needle.length >> 4));
    if (haystack.startsWith(needle, at)) return at;
    at = haystack.indexOf(head, at + 1);
  }
  return -1;
}

/** `haystack.lastIndexOf(needle, from)`, paid for in the same way. */
export function lastIndexOf(fuel: Fuel, haystack: string, needle: string, from: number): number {
  chargeScan(fuel, haystack.length);
  chargeSince(2, fuel, haystack.length >> 6);
  chargeSince(3, fuel, haystack.length >> 5);
  if (needle.length <= SHORT) return haystack.lastIndexOf(needle, from);
  const head = needle.slice(0, SHORT);
  let at = haystack.lastIndexOf(head, from);
  while (at !== -1) {
    charge(fuel, 1 + (needle.length >> 4));
    if (haystack.startsWith(needle, at)) return at;
    at = at === 0 ? -1 : haystack.lastIndexOf(head, at - 1);
  }
  return -1;
}

/** `text.split(separator)`: at most `limit` pieces, never more than the cap. */
export function split(fuel: Fuel, text: string, separator: string, limit: number): string[] {
  if (separator === '') {
    const count = Math.min(limit, text.length);
    chargeList(fuel, count);
    charge(fuel, count >> 2);
    return text.split('', count);
  }
  chargeScan(fuel, text.length);
  chargeSince(2, fuel, text.length >> 6);
  chargeSince(3, fuel, text.length >> 5);
  const pieces: string[] = [];
  let start = 0;
  while (pieces.length < limit) {
    const at = search(fuel, text, separator, start);
    // A piece is a view of the text, so it costs the same whatever its length.
    charge(fuel, 1);
    pieces.push(at === -1 ? text.slice(start) : text.slice(start, at));
    if (pieces.length > MAX_EXPRESSION_LIST) fail('too-large', `The text has more than ${MAX_EXPRESSION_LIST} pieces.`);
    if (at === -1) break;
    start = at + separator.length;
  }
  return pieces;
}
