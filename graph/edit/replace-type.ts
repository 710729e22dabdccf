import { parseNeed } from '../document/links.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import type { JsonObject } from '../json.ts';
import { portsOf } from '../node-types/ports.ts';
import { withNeeds } from './links.ts';
import { mapValues, withNodes } from './tree.ts';

/**
 * The graph with another type for a node. What the node is, where it stands and what it waits for stays; its parameters
 * become `parameters`, or stay, and so does its connection if the type is of the same provider. A link from a port that
 * the new type lacks becomes a link from its only port, or stays for the author to decide if the type has several.
 */
export function replaceType(
  graph: Graph,
  pointer: string,
  body: Body,
  { id, uses, parameters }: { readonly id: string; readonly uses: string; readonly parameters?: JsonObject },
): Graph {
  const { connection, ...node } = body.nodes[id]!;
  const isSameProvider = providerOf(uses) === providerOf(node.uses);
  const replaced: GraphNode = {
    ...node,
    uses,
    ...(connection !== undefined && isSameProvider ? { connection } : {}),
    ...(parameters === undefined ? {} : { with: parameters }),
  };
  // Without a catalogue, the ports of a type that is not of the language are unknown: nearly all have only one.
  const ports = portsOf(replaced, new Map()) ?? ['out'];
  const nodes = mapValues({ ...body.nodes, [id]: replaced }, (each) => relinked(each, id, ports));
  return withNodes(graph, pointer, nodes);
}

function relinked(node: GraphNode, id: string, ports: readonly string[]): GraphNode {
  const [only, ...more] = ports;
  if (node.needs === undefined || only === undefined || more.length > 0) return node;
  const needs = node.needs.map((text) => {
    const need = parseNeed(text);
    const isKept = need?.source !== id || [...ports, 'error', 'timeout'].includes(need.port);
    return isKept ? text : only === 'out' ? id : `${id}.${only}`;
  });
  return withNeeds(node, [...new Set(needs)]);
}

const providerOf = (uses: string): string => uses.split('.')[0]!;
