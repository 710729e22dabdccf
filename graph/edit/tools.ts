import type { Graph, GraphNode } from '../document/types.ts';
import { isAgent } from '../node-types/agent-type.ts';
import { escapeSegment, own } from '../pointer.ts';
import { bodyAt, containerOf, withNodes } from './tree.ts';

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
  const container = containerOf(pointer);
  const around = container === null ? undefined : bodyAt(graph, container.body);
  const agent = own(around?.nodes, container?.id ?? '');
  const tools = agent?.with?.tools;
  if (container === null || around === undefined || agent === undefined || !isAgent(agent) || !isMap(tools))
    return graph;
  const left = Object.fromEntries(Object.entries(tools).filter(([name]) => !ids.has(name)));
  return withNodes(graph, container.body, {
    ...around.nodes,
    [container.id]: { ...agent, with: { ...agent.with, tools: left } },
  });
}

const isMap = <T>(value: T): value is T & Readonly<Record<string, never>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
