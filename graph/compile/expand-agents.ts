import type { Graph, GraphNode } from '../document/types.ts';
import { mapValues } from '../edit/tree.ts';
import { AGENT, isAgent, serversOf } from '../node-types/agent-type.ts';
import { agentLoop } from './agent-loop.ts';

/**
 * The graph with every agent written as what it means: a `while` with a step for each turn of the model, and in it a
 * `forEach` with a step for each call of a tool. The interpreter therefore knows no agents, and all that it promises
 * holds for their steps.
 */
export function expandAgents(graph: Graph): Graph {
  return hasAgents(graph.nodes) ? { ...graph, nodes: expandNodes(graph.nodes, new Set()) } : graph;
}

/** A node as it is compiled: an agent is a loop, and remembers what the author wrote. */
export interface Expanded extends GraphNode {
  readonly shows?: string;
}

type Nodes = Readonly<Record<string, GraphNode>>;

const bodiesIn = (node: GraphNode): Nodes[] =>
  [node.nodes, node.catch?.nodes, node.finally?.nodes].filter((body) => body !== undefined);

const hasAgents = (nodes: Nodes): boolean =>
  Object.values(nodes).some((node) => isAgent(node) || bodiesIn(node).some(hasAgents));

/** @param around ids that expressions in this body see from outside */
function expandNodes(nodes: Nodes, around: ReadonlySet<string>): Record<string, GraphNode> {
  const seen = new Set([...around, ...Object.keys(nodes)]);
  return mapValues(nodes, (node, id) => (isAgent(node) ? expandAgent(id, node, seen) : expandInside(node, seen)));
}

function expandInside(node: GraphNode, around: ReadonlySet<string>): GraphNode {
  // A `catch` and a `finally` see the nodes of their try.
  const tried = new Set([...around, ...Object.keys(node.nodes ?? {})]);
  return {
    ...node,
    ...(node.nodes && { nodes: expandNodes(node.nodes, around) }),
    ...(node.catch && { catch: { ...node.catch, nodes: expandNodes(node.catch.nodes, tried) } }),
    ...(node.finally && { finally: { nodes: expandNodes(node.finally.nodes, tried) } }),
  };
}

function expandAgent(id: string, node: GraphNode, around: ReadonlySet<string>): Expanded {
  const taken = new Set([...around, ...idsWithin(node.nodes ?? {}), ...serversOf(node).map(({ name }) => name)]);
  // An id that the author uses where both can be seen stays the author's: the step of the agent gets a number.
  const free = (wanted: string): string => {
    let found = wanted;
    for (let number = 2; taken.has(found); number += 1) found = `${wanted.slice(0, 60)}${number}`;
    taken.add(found);
    return found;
  };
  return { ...agentLoop(id, node, free, (tools) => expandNodes(tools, taken)), shows: AGENT };
}

const idsWithin = (nodes: Nodes): string[] =>
  Object.entries(nodes).flatMap(([id, node]) => [id, ...bodiesIn(node).flatMap(idsWithin)]);
