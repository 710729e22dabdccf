import { formatNeed, parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import { checkShape } from '../document/shape.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import type { Json } from '../json.ts';
import { fromPointer, own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import type { Command } from './command.ts';
import { idProblem } from './id-problem.ts';
import { renameIds } from './rename-ids.ts';
import { bodyAt, containerOf, mapValues, setIn, withNodes } from './tree.ts';
import { wrapNodes } from './wrap.ts';

export type { Command } from './command.ts';

/** The graph after a command; or the unchanged graph, and the problems that kept the command from being applied. */
export interface Edited {
  readonly graph: Graph;
  readonly problems?: readonly Problem[];
}

/**
 * Applies one command. Pure: the given graph is not changed, and the new graph shares all unchanged parts. The new
 * graph is not validated, because a graph may be unfinished while it is edited.
 *
 * @example edit(graph, { do: 'renameNode', id: 'a', to: 'fetchOrders' }).graph
 */
export function edit(graph: Graph, command: Command): Edited {
  const result = apply(graph, command);
  if (isProblem(result)) return { graph, problems: [result] };
  // The result is not validated, but it must have the shape of a graph, or nothing could work with it.
  const { graph: usable, problems } = checkShape(result);
  return usable === null ? { graph, problems } : { graph: result };
}

const isProblem = (result: Graph | Problem): result is Problem => !('nodes' in result) && 'code' in result;

function apply(graph: Graph, command: Command): Graph | Problem {
  if (command.do === 'setParameter') return setParameter(graph, command.path, command.value);
  const pointer = command.body ?? '';
  const body = bodyAt(graph, pointer);
  if (body === undefined)
    return problem(
      'bad-value',
      pointer,
      `There is no body at \`${pointer}\`.`,
      'Name the container that holds the nodes, such as `/nodes/each`.',
    );
  switch (command.do) {
    case 'addNode':
      return (
        idProblem(graph, pointer, command.id) ??
        withNodes(graph, pointer, { ...body.nodes, [command.id]: command.node })
      );
    case 'removeNode':
      return missing(body, pointer, command.id) ?? removeNode(graph, pointer, body, command.id);
    case 'renameNode': {
      if (command.id === command.to) return missing(body, pointer, command.id) ?? graph;
      return (
        missing(body, pointer, command.id) ??
        idProblem(graph, pointer, command.to) ??
        renameIds(graph, new Map([[`${pointer}/nodes/${command.id}`, command.to]]))
      );
    }
    case 'link':
      return missing(body, pointer, command.to) ?? link(graph, pointer, body, command.from, command.to);
    case 'unlink':
      return missing(body, pointer, command.to) ?? unlink(graph, pointer, body, command.from, command.to);
    case 'wrapNodes': {
      const absent = command.ids.map((id) => missing(body, pointer, id)).find((found) => found !== null);
      return (
        absent ??
        idProblem(graph, pointer, command.id) ??
        wrapNodes(graph, pointer, command.ids, command.id, command.container)
      );
    }
  }
}

function missing(body: Body, pointer: string, id: string): Problem | null {
  if (Object.hasOwn(body.nodes, id)) return null;
  return problem(
    'unknown-node',
    `${pointer}/nodes`,
    `There is no node \`${id}\` here.${didYouMean(id, Object.keys(body.nodes))}`,
  );
}

function setParameter(graph: Graph, path: string, value: Json | undefined): Graph | Problem {
  try {
    const segments = fromPointer(path);
    if (segments.length === 0 || !path.startsWith('/'))
      throw new RangeError('A part of the graph must be named, such as `/nodes/a/with/url`.');
    return setIn(graph as unknown as Json, segments, value) as unknown as Graph;
  } catch (thrown) {
    if (thrown instanceof RangeError) return problem('bad-value', path, thrown.message, 'Correct the path.');
    throw thrown;
  }
}

function removeNode(graph: Graph, pointer: string, body: Body, id: string): Graph {
  const { [id]: _gone, ...rest } = body.nodes;
  const without = withNodes(
    graph,
    pointer,
    dropLinks(rest, (source) => source === id),
  );
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
    dropLinks(around.nodes, (source, port) => source === container.id && port === id),
  );
}

function dropLinks(
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

function link(graph: Graph, pointer: string, body: Body, from: string, to: string): Graph | Problem {
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

function unlink(graph: Graph, pointer: string, body: Body, from: string, to: string): Graph {
  const node = body.nodes[to]!;
  const needs = (node.needs ?? []).filter((text) => !sameLink(text, from));
  return needs.length === node.needs?.length
    ? graph
    : withNodes(graph, pointer, { ...body.nodes, [to]: withNeeds(node, needs) });
}

/** A node without links has no `needs` at all. */
function withNeeds(node: GraphNode, needs: readonly string[]): GraphNode {
  const { needs: _needs, ...rest } = node;
  return needs.length > 0 ? { ...node, needs } : rest;
}

function sameLink(a: string, b: string): boolean {
  const [one, other] = [parseNeed(a), parseNeed(b)];
  return one !== null && other !== null && one.source === other.source && one.port === other.port;
}
