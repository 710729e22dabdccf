import type { Graph, GraphNode } from '../document/types.ts';
import { own } from '../pointer.ts';
import type { Problem } from '../problems/problem.ts';
import { bodiesOf } from '../structure/bodies.ts';
import { idProblem } from './id-problem.ts';
import { dropLinks, removeNodes } from './links.ts';
import { renameIds } from './rename-ids.ts';
import { bodyAt, withNodes } from './tree.ts';

/**
 * Adds nodes to a body, as a paste does: an id that is taken gets a number, also in links and expressions among the
 * added nodes. Links to nodes that are not in the body are left out.
 */
export function addNodes(graph: Graph, pointer: string, nodes: Readonly<Record<string, GraphNode>>): Graph | Problem {
  const added = renameIds({ blok: 1, name: 'pasted', nodes }, freeIds(graph, pointer, nodes));
  const problem = Object.keys(added.nodes)
    .map((id) => idProblem(graph, pointer, id))
    .find((found) => found !== null);
  if (problem) return problem;
  const body = bodyAt(graph, pointer)!;
  const sources = { ...body.nodes, ...added.nodes };
  const isKnown = (id: string): boolean =>
    Object.hasOwn(sources, id) || (pointer === '' && own(graph.triggers, id) !== undefined);
  return withNodes(graph, pointer, { ...body.nodes, ...dropLinks(added.nodes, (source) => !isKnown(source)) });
}

/** New ids for what cannot keep its own, by path. Ids inside of containers count, too, because outer ids are seen there. */
function freeIds(graph: Graph, pointer: string, nodes: Readonly<Record<string, GraphNode>>): Map<string, string> {
  const pasted = bodiesOf({ blok: 1, name: 'pasted', nodes });
  const taken = new Set([
    ...Object.keys(graph.triggers ?? {}),
    ...bodiesOf(graph).flatMap(({ body, path }) => (isBeside(path, pointer) ? Object.keys(body.nodes) : [])),
  ]);
  const given = new Set(pasted.flatMap(({ body }) => Object.keys(body.nodes)));
  const ids = new Map<string, string>();
  for (const { body, path } of pasted) {
    for (const id of Object.keys(body.nodes)) {
      if (!taken.has(id)) continue;
      const stem = id.slice(0, 60);
      let number = 2;
      while (taken.has(stem + number) || given.has(stem + number)) number += 1;
      taken.add(stem + number);
      ids.set(`${path}/nodes/${id}`, stem + number);
    }
  }
  return ids;
}

/** Whether two bodies see each other's ids: one is inside of the other, or they are the same. */
const isBeside = (path: string, pointer: string): boolean => {
  const inner = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`);
  const owner = (at: string): string => at.replace(/\/(catch|finally)$/, '');
  return inner(path, owner(pointer)) || inner(pointer, owner(path));
};

/**
 * Moves nodes into another body. Links among them go along; links to and from what stays cannot cross the border and are
 * left out. Expressions are left as they are: an id that they no longer see is a problem that the author decides.
 */
export function moveNodes(graph: Graph, pointer: string, ids: readonly string[], to: string): Graph | Problem {
  const { nodes } = bodyAt(graph, pointer)!;
  const moved = Object.fromEntries(ids.map((id) => [id, nodes[id]!]));
  const without = removeNodes(graph, pointer, new Set(ids));
  const problem = ids.map((id) => idProblem(without, to, id)).find((found) => found !== null);
  if (problem) return problem;
  const body = bodyAt(without, to)!;
  const inside = dropLinks(moved, (source) => !Object.hasOwn(moved, source));
  return withNodes(without, to, { ...body.nodes, ...inside });
}
