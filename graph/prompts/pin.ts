import type { Catalogue } from '../catalogue.ts';
import type { Body, Graph, GraphNode, InlineNode } from '../document/types.ts';
import type { Json, JsonObject } from '../json.ts';
import { findFacts } from '../node-types/facts.ts';
import { promptsOf } from './uses.ts';

/** The newest version of each prompt of the workspace, by name. */
export type NewestPrompts = ReadonlyMap<string, number>;

/**
 * A graph whose nodes name the versions of their prompts: the newest, where the author names none. Compile this graph, and a
 * run uses the same prompts as long as its plan lives.
 */
export function pinPrompts(graph: Graph, catalogue: Catalogue, newest: NewestPrompts): Graph {
  const pinned = <T extends GraphNode | InlineNode>(node: T): T => {
    const facts = findFacts(catalogue, node.uses);
    const uses = facts ? promptsOf(facts, node.with) : [];
    const open = uses.filter(({ name, version }) => version === null && newest.has(name));
    if (open.length === 0) return node;
    const parameters = { ...(node.with as JsonObject) };
    for (const { parameter, name } of open)
      parameters[parameter] = { ...(parameters[parameter] as JsonObject), version: newest.get(name)! };
    return { ...node, with: parameters as Json };
  };
  const nodesOf = (nodes: Body['nodes']): Body['nodes'] =>
    Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, nodeOf(node)]));
  const nodeOf = (node: GraphNode): GraphNode => ({
    ...pinned(node),
    ...(node.compensate && { compensate: pinned(node.compensate) }),
    ...(node.notify && { notify: pinned(node.notify) }),
    ...(node.nodes && { nodes: nodesOf(node.nodes) }),
    ...(node.catch && { catch: { ...node.catch, nodes: nodesOf(node.catch.nodes) } }),
    ...(node.finally && { finally: { ...node.finally, nodes: nodesOf(node.finally.nodes) } }),
  });
  return { ...graph, nodes: nodesOf(graph.nodes) };
}
