import { sameJson } from '../diff/entries.ts';
import { isMap, type Json, type JsonObject } from '../json.ts';

/** What became of the keys of a map. */
export interface KeyChanges {
  /** For each key of the new map that was there before: what it was called. */
  readonly kept: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
}

/** Finds the keys of a map that are still there, some of them under a new name. */
export function alignKeys(before: JsonObject, after: JsonObject): KeyChanges {
  const kept = new Map<string, string>();
  const removed = new Set(Object.keys(before).filter((key) => !Object.hasOwn(after, key)));
  for (const key of Object.keys(after)) {
    if (Object.hasOwn(before, key)) kept.set(key, key);
    else {
      const was = renamedFrom(after[key]!, before, removed);
      if (was === undefined) continue;
      kept.set(key, was);
      removed.delete(was);
    }
  }
  return { kept, removed };
}

function renamedFrom(value: Json, before: JsonObject, removed: ReadonlySet<string>): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const candidates = [...removed];
  return (
    candidates.find((key) => sameJson(before[key], value)) ?? candidates.find((key) => isAlike(before[key]!, value))
  );
}

/** Whether two maps of one kind have most fields in common. */
export function isAlike(a: Json, b: Json): boolean {
  if (!isMap(a) || !isMap(b) || a.uses !== b.uses) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const same = [...keys].filter((key) => sameJson(a[key], b[key]));
  return same.length * 2 >= keys.size;
}

/** How far an item is looked for. A list may have hundreds of thousands of them. */
const LOOK_AHEAD = 200;

/** For each item of the new list: the index of the item it was before; null if it is new. */
export function alignItems(before: readonly Json[], after: readonly Json[]): (number | null)[] {
  const result: (number | null)[] = after.map(() => null);
  const shorter = Math.min(before.length, after.length);
  // Whatever was put in or taken out in one place, the ends are as they were.
  let start = 0;
  while (start < shorter && sameJson(before[start], after[start])) result[start] = start++;
  let same = 0;
  while (same < shorter - start && sameJson(before.at(-1 - same), after.at(-1 - same))) same++;
  for (let n = 1; n <= same; n++) result[after.length - n] = before.length - n;
  let from = start;
  for (let index = start; index < after.length - same; index++) {
    const until = Math.min(before.length - same, from + LOOK_AHEAD);
    for (let at = from; at < until && result[index] === null; at++) {
      if (sameJson(before[at], after[index])) result[index] = at;
    }
    from = (result[index] ?? from - 1) + 1;
  }
  return pairGaps(result, before.length, (at, index) => isPair(before[at]!, after[index]!));
}

/** Pairs what is new with what is gone in the same place, so that it is changed instead of replaced. */
function pairGaps(
  found: readonly (number | null)[],
  length: number,
  isPair: (at: number, index: number) => boolean,
): (number | null)[] {
  const result = [...found];
  const untils: number[] = [];
  for (let index = found.length - 1, until = length; index >= 0; index--) untils[index] = until = found[index] ?? until;
  let next = 0;
  for (const [index, at] of found.entries()) {
    if (at !== null) next = at + 1;
    else if (next < untils[index]! && isPair(next, index)) result[index] = next++;
  }
  return result;
}

const isPair = (a: Json, b: Json): boolean => isMap(a) === isMap(b) && Array.isArray(a) === Array.isArray(b);
