import type { Graph, GraphNode } from '../document/types.ts';

/**
 * The part of a graph that a node needs, the node included: what comes before it in its body, and in the bodies around
 * it. The graph returns the output of the node if the node is in its own body.
 *
 * @returns undefined if the graph has no such node; null if the node is in a loop with rounds, whose test may need what
 *   comes after the node
 */
export function upTo(graph: Graph, id: string): Graph | null | undefined {
  const cut = cutBody(graph.nodes, id);
  if (!cut) return cut;
  const { output: _output, ...rest } = graph;
  return { ...rest, nodes: cut, ...(Object.hasOwn(graph.nodes, id) ? { output: `\${{ nodes.${id} }}` } : {}) };
}

type Nodes = Readonly<Record<string, GraphNode>>;

function cutBody(nodes: Nodes, id: string): Nodes | null | undefined {
  if (Object.hasOwn(nodes, id)) return keep(nodes, id, nodes[id]!);
  for (const [name, node] of Object.entries(nodes)) {
    const cut = cutInside(node, id);
    if (cut === null) return null;
    if (cut) return keep(nodes, name, cut);
  }
  return undefined;
}

/** The container with only what leads to the node in it. */
function cutInside(node: GraphNode, id: string): GraphNode | null | undefined {
  const bodies = { nodes: node.nodes, catch: node.catch?.nodes, finally: node.finally?.nodes };
  for (const [part, inner] of Object.entries(bodies)) {
    const cut = inner && cutBody(inner, id);
    if (cut === null || (cut && node.uses.startsWith('while'))) return null;
    if (!cut) continue;
    const { output: _output, ...rest } = node;
    if (part === 'nodes') return { ...rest, nodes: cut };
    const { output: _inner, ...stage } = node[part as 'catch' | 'finally'] as { nodes: Nodes; output?: unknown };
    return { ...rest, [part]: { ...stage, nodes: cut } } as GraphNode;
  }
  return undefined;
}

/** A node and all that comes before it. */
function keep(nodes: Nodes, id: string, node: GraphNode): Nodes {
  const wanted = new Set<string>();
  const add = (name: string): void => {
    if (wanted.has(name) || !Object.hasOwn(nodes, name)) return;
    wanted.add(name);
    for (const need of nodes[name]!.needs ?? []) add(need.split('.')[0]!);
  };
  add(id);
  return Object.fromEntries([...wanted].map((name) => [name, name === id ? node : nodes[name]!]));
}
