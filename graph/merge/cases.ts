import { byPort } from '../diff/compare.ts';
import type { Json, JsonObject } from '../json.ts';
import { type MergeField, type Merging, report, type Three } from './merging.ts';
import type { Side } from './types.ts';

type Cases = ReadonlyMap<string, JsonObject>;

/**
 * Merges the cases of a `switch`, told apart by their ports; undefined if some version does not tell them apart. Their
 * order counts, because the first case that matches wins: an order that does not follow from both sides is a conflict.
 */
export function mergeCases(
  merging: Merging,
  three: Three<Json>,
  path: readonly string[],
  mergeField: MergeField,
): Json | undefined {
  const base = three.base === undefined ? new Map<string, JsonObject>() : byPort(three.base);
  const [ours, theirs] = [byPort(three.ours), byPort(three.theirs)];
  if (base === null || ours === null || theirs === null) return undefined;
  const merged = new Map<string, JsonObject>();
  for (const port of new Set([...ours.keys(), ...theirs.keys()])) {
    const index = [...(ours.has(port) ? ours : theirs).keys()].indexOf(port);
    const one = { base: base.get(port), ours: ours.get(port), theirs: theirs.get(port) };
    const value = mergeField(merging, one, [...path, String(index)]);
    if (value !== undefined) merged.set(port, value as JsonObject);
  }
  const { order, clear } = orderOf({ base, ours, theirs }, merged, merging.favour);
  if (!clear) report(merging, 'order', three, path);
  return order.map((port) => merged.get(port)!);
}

interface Versions {
  readonly base: Cases;
  readonly ours: Cases;
  readonly theirs: Cases;
}

/** The order of the merged cases, and whether it follows from both sides. */
function orderOf(three: Versions, merged: Cases, favour: Side): { order: string[]; clear: boolean } {
  const other = favour === 'ours' ? 'theirs' : 'ours';
  const [turned, otherTurned] = [isTurned(three, favour), isTurned(three, other)];
  const leading = three[otherTurned && !turned ? other : favour];
  const kept = [...three.base.keys()].filter((port) => merged.has(port));
  const skeleton = kept.filter((port) => leading.has(port));
  const places = [...leading.keys()];
  skeleton.sort((a, b) => places.indexOf(a) - places.indexOf(b));
  skeleton.push(...kept.filter((port) => !leading.has(port)));
  let clear = !(turned && otherTurned) || isSameOrder(three.ours, three.theirs);
  const first = addedAfter(three, favour, skeleton, merged);
  const second = addedAfter(three, other, skeleton, merged);
  const order: string[] = [];
  for (const place of [null, ...skeleton]) {
    if (place !== null) order.push(place);
    const gap = fillGap(first.get(place) ?? [], second.get(place) ?? [], merged);
    clear &&= gap.clear;
    order.push(...gap.ports);
  }
  // A case that both sides added in different places comes up twice.
  const once = [...new Set(order)];
  return { order: once, clear: clear && once.length === order.length };
}

/** Whether a side put cases that were there before into another order. */
function isTurned(three: Versions, side: Side): boolean {
  return !isSameOrder(three.base, three[side]);
}

function isSameOrder(a: Cases, b: Cases): boolean {
  const common = (one: Cases, other: Cases) => [...one.keys()].filter((port) => other.has(port));
  return common(a, b).join() === common(b, a).join();
}

/** The cases that a side added, by the case of the skeleton that they come after; null is the beginning. */
function addedAfter(
  { base, ...sides }: Versions,
  side: Side,
  skeleton: readonly string[],
  merged: Cases,
): Map<string | null, string[]> {
  const found = new Map<string | null, string[]>();
  let place: string | null = null;
  for (const port of sides[side].keys()) {
    if (skeleton.includes(port)) place = port;
    else if (!base.has(port) && merged.has(port)) found.set(place, [...(found.get(place) ?? []), port]);
  }
  return found;
}

/** The cases that both sides added in the same place; clear if only one did, or if their order does not matter. */
function fillGap(first: readonly string[], second: readonly string[], merged: Cases) {
  if (first.length === 0 || second.length === 0) return { ports: [...first, ...second], clear: true };
  if (first.join() === second.join()) return { ports: [...first], clear: true };
  const apart = first.every((port) =>
    second.every((other) => port !== other && areApart(merged.get(port)!, merged.get(other)!)),
  );
  const sorted = apart && second[0]! < first[0]! ? [second, first] : [first, second];
  return { ports: [...new Set(sorted.flat())], clear: apart };
}

/** Whether no value can match both cases. */
function areApart(a: JsonObject, b: JsonObject): boolean {
  if (a.is === undefined || b.is === undefined) return false;
  const constants = (value: Json): string[] => [value].flat().map((one) => JSON.stringify(one));
  const others = new Set(constants(b.is));
  return constants(a.is).every((one) => !others.has(one));
}
