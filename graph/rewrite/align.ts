import { sameJson } from '../diff/entries.ts';
import type { Json, JsonObject } from '../json.ts';

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

/** For each item of the new list: the index of the item it was before; null if it is new. */
export function alignItems(before: readonly Json[], after: readonly Json[]): (number | null)[] {
  const result: (number | null)[] = [];
  let from = 0;
  for (const [index, item] of after.entries()) {
    const found = before.findIndex((other, at) => at >= from && sameJson(other, item));
    if (found >= 0) from = found + 1;
    result[index] = found >= 0 ? found : null;
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
  let next = 0;
  for (const [index, at] of found.entries()) {
    if (at !== null) next = at + 1;
    else {
      const until = found.slice(index).find((other) => other !== null) ?? length;
      if (next < until && isPair(next, index)) result[index] = next++;
    }
  }
  return result;
}

const isPair = (a: Json, b: Json): boolean => isMap(a) === isMap(b) && Array.isArray(a) === Array.isArray(b);

export const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
