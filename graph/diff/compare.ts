import { isId } from '../document/names.ts';
import { isMap, type Json, type JsonObject } from '../json.ts';
import { own, toPointer } from '../pointer.ts';
import { sameJson } from './entries.ts';
import { type Holder, linksOf, ruleOf } from './fields.ts';
import type { Change } from './types.ts';

/** What two versions of one holder say, and where it is in the second graph. */
export interface Compared {
  readonly holder: Holder;
  readonly path: string;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Where differences are gathered. */
export interface Found {
  readonly changes: Change[];
  readonly layout: Change[];
}

/** Gathers the differences between two versions of a node, a trigger, or the graph's own fields. */
export function compareFields(compared: Compared, found: Found): void {
  compareMaps(compared, compared.before, compared.after, [], found);
}

type Map = Readonly<Record<string, Json>>;

function compareMaps(compared: Compared, before: Map, after: Map, path: readonly string[], found: Found): void {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const field of fields) compareField(compared, own(before, field), own(after, field), [...path, field], found);
}

function compareField(
  compared: Compared,
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
  found: Found,
): void {
  const rule = ruleOf(compared.holder, compared.after, path);
  if (rule === 'links') return compareLinks(compared, before, after, found);
  if (sameJson(before, after)) return;
  if (rule !== 'layout' && isMap(before) && isMap(after)) return compareMaps(compared, before, after, path, found);
  if (rule === 'cases' && compareCases(compared, before, after, path, found)) return;
  (rule === 'layout' ? found.layout : found.changes).push({
    what: 'field',
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    path: compared.path + toPointer(path),
    of: compared.path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function compareLinks(compared: Compared, before: Json | undefined, after: Json | undefined, found: Found): void {
  const [left, right] = [linksOf(before), linksOf(after)];
  const report = (change: 'added' | 'removed', link: string): void =>
    void found.changes.push({ what: 'link', change, path: `${compared.path}/needs`, of: compared.path, link });
  for (const link of left.keys()) if (!right.has(link)) report('removed', link);
  for (const link of right.keys()) if (!left.has(link)) report('added', link);
}

/** Compares the cases of a `switch` by their ports; false if they can only be compared as a whole. */
function compareCases(
  compared: Compared,
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[],
  found: Found,
): boolean {
  const [left, right] = [byPort(before), byPort(after)];
  if (left === null || right === null || !isSameOrder(left, right)) return false;
  const indexOf = (cases: ReadonlyMap<string, Json>, port: string): string => String([...cases.keys()].indexOf(port));
  for (const port of new Set([...left.keys(), ...right.keys()])) {
    const index = indexOf(right.has(port) ? right : left, port);
    compareField(compared, left.get(port), right.get(port), [...path, index], found);
  }
  return true;
}

/** The cases of a `switch` by their ports, in order; null if the ports do not tell them apart. */
export function byPort(cases: Json | undefined): ReadonlyMap<string, JsonObject> | null {
  if (!Array.isArray(cases)) return null;
  const found = new Map<string, JsonObject>();
  for (const each of cases) {
    if (!isMap(each) || typeof each.port !== 'string' || !isId(each.port) || found.has(each.port)) return null;
    found.set(each.port, each);
  }
  return found;
}

/** Whether what both have comes in the same order, because the first case that matches wins. */
function isSameOrder(a: ReadonlyMap<string, Json>, b: ReadonlyMap<string, Json>): boolean {
  const common = (one: ReadonlyMap<string, Json>, other: ReadonlyMap<string, Json>) =>
    [...one.keys()].filter((key) => other.has(key));
  return common(a, b).join() === common(b, a).join();
}
