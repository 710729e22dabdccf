import { formatNeed, parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import type { Json } from '../json.ts';
import { own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { endNodes } from '../structure/order.ts';
import { withNeeds } from './links.ts';
import { type Renaming, renameInNode, renameInValue } from './references.ts';
import { bodyAt, replaceBody } from './tree.ts';

/**
 * Puts the nodes of a container in its place, the inverse of `wrapNodes`: its links become links into the first of them,
 * links from it become links from the last of them. What it yielded is read from its nodes, if its output says which.
 */
export function unwrap(graph: Graph, pointer: string, id: string): Graph | Problem {
  const body = bodyAt(graph, pointer)!;
  const container = body.nodes[id]!;
  const path = `${pointer}/nodes/${id}`;
  if (container.nodes === undefined) return problem('bad-value', path, `\`${id}\` is no container.`);
  const lane = (['catch', 'finally'] as const).find((each) => Object.keys(container[each]?.nodes ?? {}).length > 0);
  if (lane !== undefined)
    return problem(
      'bad-value',
      `${path}/${lane}`,
      `\`${id}\` has nodes in its \`${lane}\`.`,
      'Move or remove them first.',
    );
  if (Object.hasOwn(container.nodes, id))
    return problem('duplicate-id', `${path}/nodes/${id}`, `The id \`${id}\` is taken.`, 'Rename the inner node first.');
  const { [id]: _gone, ...others } = body.nodes;
  const ends = endNodes({ nodes: container.nodes });
  const renaming = yielded(id, container);
  const outer = Object.entries(others).map(([name, node]): [string, GraphNode] => [
    name,
    renameInNode(relinked(node, id, container, ends), renaming),
  ]);
  const inner = Object.entries(container.nodes).map(([name, node]): [string, GraphNode] => [
    name,
    entered(node, container),
  ]);
  const place = Object.keys(body.nodes).indexOf(id);
  const nodes = Object.fromEntries([...outer.slice(0, place), ...inner, ...outer.slice(place)]);
  const output = body.output === undefined ? {} : { output: renameInValue(body.output, renaming) };
  return replaceBody(graph, pointer, { ...(body as Body), ...output, nodes });
}

/** An inner node, with the links and the guard of the container if it was one of the first. */
function entered(node: GraphNode, { needs, join, if: guard }: GraphNode): GraphNode {
  if (node.needs !== undefined && node.needs.length > 0) return node;
  return {
    ...withNeeds(node, needs ?? []),
    ...(join === undefined ? {} : { join }),
    ...(guard === undefined || node.if !== undefined ? {} : { if: guard }),
  };
}

function relinked(node: GraphNode, id: string, container: GraphNode, ends: readonly string[]): GraphNode {
  if (node.needs === undefined) return node;
  const isRace = splitUses(container.uses).type === 'race';
  const needs = node.needs.flatMap((text) => {
    const need = parseNeed(text);
    if (need?.source !== id) return [text];
    if (need.port === 'error' || need.port === 'timeout')
      return Object.keys(container.nodes ?? {}).map((source) => formatNeed({ source, port: 'error' }));
    return isRace ? [need.port] : ends;
  });
  return withNeeds(node, [...new Set(needs)]);
}

/** What is read from a container is read from its nodes, where its output says which. */
function yielded(id: string, { output }: GraphNode): Renaming {
  const whole = nodeRead(output);
  const fields = output !== null && typeof output === 'object' && !Array.isArray(output) ? output : {};
  return (kind, name, field) => {
    if (kind !== 'nodes' || name !== id) return null;
    const read = field === null ? null : nodeRead(own(fields, field));
    return read === null ? whole : { instead: read };
  };
}

/** The node that a value is the output of: `${{ nodes.a }}`. */
function nodeRead(value: Json | undefined): string | null {
  const found = typeof value === 'string' ? /^\s*\$\{\{\s*nodes\.([A-Za-z]\w*)\s*\}\}\s*$/.exec(value) : null;
  return found?.[1] ?? null;
}
