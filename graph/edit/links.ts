import { formatNeed, parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import { own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { dropTools } from './tools.ts';
import { bodyAt, containerOf, mapValues, withNodes } from './tree.ts';

/** The graph with a link more. */
export function link(graph: Graph, pointer: string, body: Body, from: string, to: string): Graph | Problem {
  const need = parseNeed(from);
  const node = body.nodes[to]!;
  if (need === null) return problem('bad-link', `${pointer}/nodes/${to}/needs`, `\`${from}\` is not a link.`);
  const known =
    own(body.nodes, need.source) !== undefined || (pointer === '' && own(graph.triggers, need.source) !== undefined);
  if (!known)
    return problem('dangling-link', `${pointer}/nodes/${to}/needs`, `There is no node ${need.source} in this body.`);
  if (node.needs?.some((text) => sameLink(text, from))) return graph;
  return withNodes(graph, pointer, {
    ...body.nodes,
    [to]: { ...node, needs: [...(node.needs ?? []), formatNeed(need)] },
  });
}

/** The graph without a link. */
export function unlink(graph: Graph, pointer: string, body: Body, from: string, to: string): Graph {
  const node = body.nodes[to]!;
  const needs = (node.needs ?? []).filter((text) => !sameLink(text, from));
  return needs.length === node.needs?.length
    ? graph
    : withNodes(graph, pointer, { ...body.nodes, [to]: withNeeds(node, needs) });
}

/** The graph without nodes of a body, without the links from them, and without what is told of them as tools. */
export function removeNodes(graph: Graph, pointer: string, ids: ReadonlySet<string>): Graph {
  const rest = Object.fromEntries(Object.entries(bodyAt(graph, pointer)!.nodes).filter(([id]) => !ids.has(id)));
  const links = dropLinks(rest, (source) => ids.has(source));
  const without = dropTools(withNodes(graph, pointer, links), pointer, ids);
  const container = containerOf(pointer);
  const around = container === null ? undefined : bodyAt(without, container.body);
  if (
    container === null ||
    around === undefined ||
    splitUses(own(around.nodes, container.id)?.uses ?? '').type !== 'race'
  )
    return without;
  // Each end node of a race is a port of that race.
  return withNodes(
    without,
    container.body,
    dropLinks(around.nodes, (source, port) => source === container.id && ids.has(port)),
  );
}

/** Nodes without the links that `drop` names. */
export function dropLinks(
  nodes: Readonly<Record<string, GraphNode>>,
  drop: (source: string, port: string) => boolean,
): Record<string, GraphNode> {
  return mapValues(nodes, (node) => {
    const needs = node.needs?.filter((text) => {
      const need = parseNeed(text);
      return need === null || !drop(need.source, need.port);
    });
    return needs === undefined || needs.length === node.needs?.length ? node : withNeeds(node, needs);
  });
}

/** A node without links has no `needs` at all. */
export function withNeeds(node: GraphNode, needs: readonly string[]): GraphNode {
  const { needs: _needs, ...rest } = node;
  return needs.length > 0 ? { ...node, needs } : rest;
}

function sameLink(a: string, b: string): boolean {
  const [one, other] = [parseNeed(a), parseNeed(b)];
  return one !== null && other !== null && one.source === other.source && one.port === other.port;
}
