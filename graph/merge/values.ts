import { sameJson } from '../diff/entries.ts';
import { linksOf, ruleOf, sameField } from '../diff/fields.ts';
import { isMap, type Json, type JsonObject } from '../json.ts';
import { own } from '../pointer.ts';
import { compareIds } from '../structure/order.ts';
import { mergeCases } from './cases.ts';
import { type Merging, type Three, undecided } from './merging.ts';

/** Merges the fields of one node, one trigger, or the graph itself. */
export function mergeFields(merging: Merging, three: Three<JsonObject>): JsonObject {
  return mergeMaps(merging, three, []);
}

function mergeMaps(merging: Merging, { base, ours, theirs }: Three<JsonObject>, path: readonly string[]): JsonObject {
  const merged: [string, Json][] = [];
  for (const field of unitedKeys(Object.keys(ours ?? {}), Object.keys(theirs ?? {}))) {
    const three = { base: own(base, field), ours: own(ours, field), theirs: own(theirs, field) };
    const value = mergeField(merging, three, [...path, field]);
    if (value !== undefined) merged.push([field, value]);
  }
  return Object.fromEntries(merged);
}

/** The keys of both, in the order of the first; a key of the second comes after the key that it follows there. */
export function unitedKeys(first: readonly string[], second: readonly string[]): string[] {
  const known = new Set(first);
  const following = new Map<string | null, string[]>();
  let last: string | null = null;
  for (const key of second) {
    if (known.has(key)) last = key;
    else following.set(last, [...(following.get(last) ?? []), key]);
  }
  return [...(following.get(null) ?? []), ...first.flatMap((key) => [key, ...(following.get(key) ?? [])])];
}

/** Merges one field. A side that changed nothing gives way to the other; what both changed alike is no conflict. */
export function mergeField(merging: Merging, three: Three<Json>, path: readonly string[]): Json | undefined {
  const { base, ours, theirs } = three;
  const rule = ruleOf(merging.holder, merging.holding, path);
  if (sameJson(ours, theirs) || sameJson(theirs, base)) return ours;
  if (sameJson(ours, base)) return theirs;
  if (rule === 'layout') return three[merging.favour] ?? ours ?? theirs;
  if (rule === 'links') return mergeLinks(three);
  const cases = rule === 'cases' ? mergeCases(merging, three, path, mergeField) : undefined;
  if (cases !== undefined) return cases;
  if (sameButDrawing(merging, three, path)) return undefined;
  if (isMap(ours) && isMap(theirs) && (isMap(base) || (base === undefined && rule !== 'unit')))
    return mergeMaps(merging, { base: base as JsonObject | undefined, ours, theirs }, path);
  return undecided(merging, three, path);
}

/**
 * Links are a set: what either side added is in it, what either side removed is not. Each is written as it was; their
 * order does not depend on whose side is which, because messages about links name them in order.
 */
function mergeLinks({ base, ours, theirs }: Three<Json>): Json | undefined {
  if (sameField('links', base, theirs)) return ours;
  if (sameField('links', base, ours)) return theirs;
  const [before, left, right] = [linksOf(base), linksOf(ours), linksOf(theirs)];
  const kept = [...before].filter(([link]) => left.has(link) && right.has(link));
  const added = [...left, ...right].filter(([link]) => !before.has(link)).sort(([a], [b]) => compareIds(a, b));
  const links = [...new Map([...kept, ...added]).values()];
  return links.length === 0 && (ours === undefined || theirs === undefined) ? undefined : links;
}

/** Whether one side deletes what the other only drew elsewhere, such as a sticker. */
function sameButDrawing(merging: Merging, { base, ours, theirs }: Three<Json>, path: readonly string[]): boolean {
  if (ours !== undefined && theirs !== undefined) return false;
  return isSameDrawn(merging, base, ours ?? theirs, path);
}

function isSameDrawn(merging: Merging, a: Json | undefined, b: Json | undefined, path: readonly string[]): boolean {
  if (ruleOf(merging.holder, merging.holding, path) === 'layout' || sameJson(a, b)) return true;
  if (!isMap(a) || !isMap(b)) return false;
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return fields.every((field) => isSameDrawn(merging, own(a, field), own(b, field), [...path, field]));
}
