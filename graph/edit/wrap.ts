import { formatNeed, parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import type { Json } from '../json.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { upstreamOf } from '../structure/order.ts';
import { type Renaming, renameInNode, renameInValue } from './references.ts';
import { bodyAt, replaceBody, withNodes } from './tree.ts';

/** Containers whose output is the output of their body, so that references from outside can go through it. */
const TRANSPARENT: ReadonlySet<string> = new Set(['try', 'while']);

/**
 * Moves nodes of a body into a new container. Links into these nodes become links into the container, and links out of
 * them become links from the container (for a race, from its ports). Values that are read outside are yielded by the
 * `output` of a `try` or `while`; with `forEach` and `race` those references are left for the author to decide.
 */
export function wrapNodes(
  graph: Graph,
  pointer: string,
  ids: readonly string[],
  id: string,
  container: Omit<GraphNode, 'nodes'>,
): Graph | Problem {
  const body = bodyAt(graph, pointer)!;
  const inside = new Set(ids);
  const between = betweenThem(body, inside);
  if (between !== null)
    return problem(
      'cycle',
      `${pointer}/nodes/${between}`,
      `${between} comes after one of these nodes and before another.`,
      'Move it into the container, too.',
    );
  const entering = [...inside].flatMap((each) => needsOf(body, each).filter((text) => !comesFrom(text, inside)));
  const entries = [...inside].filter((each) => needsOf(body, each).some((text) => !comesFrom(text, inside)));
  const join = entries.length === 1 ? body.nodes[entries[0]!]?.join : undefined;
  const inner = Object.fromEntries(
    [...inside].map((each) => [each, without(body.nodes[each]!, (text) => comesFrom(text, inside))]),
  );
  const read = new Set<string>();
  const renaming: Renaming = (kind, name) => {
    if (kind !== 'nodes' || !inside.has(name) || !TRANSPARENT.has(splitUses(container.uses).type)) return null;
    read.add(name);
    return `${id}.${name}`;
  };
  const outer = Object.entries(body.nodes).filter(([each]) => !inside.has(each));
  const others = outer.map(([each, node]): [string, GraphNode] => [
    each,
    renameInNode(relink(node, inside, id, container.uses), renaming),
  ]);
  const bodyOutput = body.output === undefined ? {} : { output: renameInValue(body.output, renaming) };
  const yields =
    read.size === 0
      ? {}
      : {
          output: {
            ...asMap(container.output),
            ...Object.fromEntries([...read].map((name) => [name, `\${{ nodes.${name} }}`])),
          },
        };
  const needs = unique([...(container.needs ?? []), ...entering]);
  const wrapped: GraphNode = {
    ...container,
    ...(needs.length > 0 ? { needs } : {}),
    ...(join === undefined ? {} : { join }),
    nodes: inner,
    ...yields,
  };
  const at = Object.keys(body.nodes).findIndex((each) => inside.has(each));
  const entriesBefore = others.filter(([each]) => Object.keys(body.nodes).indexOf(each) < at);
  const nodes = Object.fromEntries([...entriesBefore, [id, wrapped] as const, ...others.slice(entriesBefore.length)]);
  return pointer === ''
    ? { ...graph, ...bodyOutput, nodes }
    : putOutput(withNodes(graph, pointer, nodes), pointer, bodyOutput);
}

function putOutput(graph: Graph, pointer: string, output: { output?: Json }): Graph {
  if (output.output === undefined) return graph;
  return replaceBody(graph, pointer, { ...bodyAt(graph, pointer)!, ...output });
}

/** A node outside that is downstream of one node inside and upstream of another: wrapping would create a cycle. */
function betweenThem(body: Body, inside: ReadonlySet<string>): string | null {
  const upstream = upstreamOf(body);
  const before = new Set([...inside].flatMap((id) => [...(upstream.get(id) ?? [])]));
  for (const id of before)
    if (!inside.has(id) && [...(upstream.get(id) ?? [])].some((above) => inside.has(above))) return id;
  return null;
}

function relink(node: GraphNode, inside: ReadonlySet<string>, id: string, uses: string): GraphNode {
  if (node.needs === undefined) return node;
  const needs = node.needs.map((text) => {
    const need = parseNeed(text);
    if (need === null || !inside.has(need.source)) return text;
    // A node that came after a failure inside comes after a failure of the container.
    if (need.port === 'error' || need.port === 'timeout') return formatNeed({ source: id, port: 'error' });
    return splitUses(uses).type === 'race' ? formatNeed({ source: id, port: need.source }) : id;
  });
  return { ...node, needs: unique(needs) };
}

function without(node: GraphNode, keep: (text: string) => boolean): GraphNode {
  if (node.needs === undefined) return node;
  const needs = node.needs.filter(keep);
  const { needs: _needs, join, ...rest } = node;
  return {
    ...rest,
    ...(needs.length > 0 ? { needs } : {}),
    ...(join !== undefined && needs.length > 1 ? { join } : {}),
  };
}

const needsOf = (body: Body, id: string): readonly string[] => body.nodes[id]?.needs ?? [];
const comesFrom = (text: string, inside: ReadonlySet<string>): boolean => inside.has(parseNeed(text)?.source ?? '');
const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
const asMap = (value: Json | undefined): Record<string, Json> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
