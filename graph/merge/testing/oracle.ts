/** What a merge must say, found out without any of its code. */
import type { Graph } from '../../document/types.ts';
import type { Json } from '../../json.ts';
import { bodiesOf } from '../../structure/bodies.ts';

/** Every value of a graph by its path; links one by one, because their order means nothing. */
export function leavesOf(graph: Graph): Map<string, string> {
  const leaves = new Map<string, string>();
  const walk = (value: Json, path: string): void => {
    if (/\/needs$/.test(path) && Array.isArray(value))
      for (const link of value) leaves.set(`${path}/${link}`, 'linked');
    else if (value === null || typeof value !== 'object' || Array.isArray(value))
      leaves.set(path, JSON.stringify(value));
    else for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${key}`);
  };
  walk(graph as unknown as Json, '');
  return leaves;
}

/** Where a graph draws something: both sides may change that, and one of them wins. */
export const isDrawing = (path: string): boolean => /\/position(\/|$)/.test(path);

/** The values that a merge without renamings and moves must have: what one side changed is changed. */
export function expectedLeaves(base: Graph, ours: Graph, theirs: Graph): Map<string, string | undefined> {
  const [before, left, right] = [leavesOf(base), leavesOf(ours), leavesOf(theirs)];
  const expected = new Map<string, string | undefined>();
  for (const path of new Set([...before.keys(), ...left.keys(), ...right.keys()])) {
    if (isDrawing(path)) continue;
    const unchanged = left.get(path) === before.get(path);
    expected.set(path, unchanged ? right.get(path) : left.get(path));
  }
  return expected;
}

/** The words of a graph: ids, texts and what stands in expressions. Not where it is drawn. */
export function wordsOf(graph: Graph): ReadonlySet<string> {
  const undrawn = JSON.stringify(graph, (key, value) => (key === 'position' ? undefined : value));
  return new Set(undrawn.match(/[A-Za-z_]\w*/g) ?? []);
}

/** The ids of all nodes. */
export const idsOf = (graph: Graph): ReadonlySet<string> =>
  new Set(bodiesOf(graph).flatMap(({ body }) => Object.keys(body.nodes)));

/** The body that each node stands in, by ids; null for an id that several nodes have. */
export function bodyOfEach(graph: Graph): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  for (const { body, kind, owner } of bodiesOf(graph)) {
    for (const id of Object.keys(body.nodes)) found.set(id, found.has(id) ? null : `${owner?.id ?? ''} ${kind}`);
  }
  return found;
}
