import type { Body, Graph, GraphNode } from '../document/types.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { withNodes } from './tree.ts';

/** The bodies that a `try` may have beside its own. */
export type Lane = 'catch' | 'finally';

/** The graph with an empty `catch` or `finally` for a node. */
export function addLane(graph: Graph, pointer: string, body: Body, id: string, lane: Lane): Graph | Problem {
  const node = body.nodes[id]!;
  const path = `${pointer}/nodes/${id}/${lane}`;
  if (node.nodes === undefined) return problem('bad-value', path, `\`${id}\` is no container.`);
  if (node[lane] !== undefined) return problem('bad-value', path, `\`${id}\` has a \`${lane}\` already.`);
  return withNodes(graph, pointer, { ...body.nodes, [id]: { ...node, [lane]: { nodes: {} } } });
}

/** The graph without the `catch` or `finally` of a node, and without the nodes in it. */
export function removeLane(graph: Graph, pointer: string, body: Body, id: string, lane: Lane): Graph | Problem {
  const { [lane]: gone, ...rest } = body.nodes[id]!;
  if (gone === undefined)
    return problem('bad-value', `${pointer}/nodes/${id}/${lane}`, `\`${id}\` has no \`${lane}\`.`);
  return withNodes(graph, pointer, { ...body.nodes, [id]: rest as GraphNode });
}
