import type { Graph, GraphNode } from '../document/types.ts';
import { isMap, type Json } from '../json.ts';
import { isAgent } from '../node-types/agent-type.ts';
import { escapeSegment, fromPointer } from '../pointer.ts';
import { bodyAt, setIn } from './tree.ts';

/** An agent whose tools have other names, as their nodes have. Their order stays, because the model reads them in order. */
export function renameTools(node: GraphNode, path: string, ids: ReadonlyMap<string, string>): GraphNode {
  const tools = node.with?.tools;
  if (!isAgent(node) || !isMap(tools)) return node;
  const names = Object.keys(tools).map((name) => ids.get(`${path}/nodes/${escapeSegment(name)}`) ?? name);
  if (names.every((name, index) => name === Object.keys(tools)[index])) return node;
  const renamed = Object.fromEntries(Object.values(tools).map((tool, index) => [names[index]!, tool]));
  return { ...node, with: { ...node.with, tools: renamed } };
}

/** The graph without what an agent tells its model of nodes that are no longer in its body. */
export function dropTools(graph: Graph, pointer: string, ids: ReadonlySet<string>): Graph {
  const { uses = '', with: given } = bodyAt(graph, pointer) as Partial<GraphNode>;
  const tools = given?.tools;
  if (!isAgent({ uses }) || !isMap(tools)) return graph;
  const left = Object.fromEntries(Object.entries(tools).filter(([name]) => !ids.has(name)));
  return setIn(graph as unknown as Json, [...fromPointer(pointer), 'with', 'tools'], left) as unknown as Graph;
}
