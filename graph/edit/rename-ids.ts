import { formatNeed, type Need, parseNeed } from '../document/links.ts';
import { splitUses } from '../document/names.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import { escapeSegment, own } from '../pointer.ts';
import { type Renaming, renameInInline, renameInValue } from './references.ts';
import { renameTools } from './tools.ts';

/** New ids by the JSON Pointers of the nodes and triggers that get them: `/nodes/a`, `/nodes/each/nodes/b`, `/triggers/hook`. */
export type NewIds = ReadonlyMap<string, string>;

/** For each id that an expression can see: what it is called afterwards. */
type Scope = ReadonlyMap<string, string>;

/**
 * The graph with ids renamed, all at once: in links, in the ports of a race, and in every expression that can see the
 * node. Ids may be exchanged; that no two nodes of a body end up with the same id is up to the caller.
 */
export function renameIds(graph: Graph, ids: NewIds): Graph {
  if (ids.size === 0) return graph;
  const triggers = new Map(Object.keys(graph.triggers ?? {}).map((id) => [id, ids.get(pathOf('/triggers', id)) ?? id]));
  const { body } = renameBody(graph, '', { ids, scope: new Map(), triggers });
  if (graph.triggers === undefined) return body;
  const renamed = Object.entries(graph.triggers).map(([id, trigger]) => [triggers.get(id) ?? id, trigger] as const);
  return { ...body, triggers: Object.fromEntries(renamed) };
}

interface Around {
  readonly ids: NewIds;
  readonly scope: Scope;
  /** Triggers that nodes of this body may need. */
  readonly triggers?: Scope;
}

/** A body with its ids renamed, and what its `catch` and `finally` see. */
function renameBody<T extends Body>(body: T, path: string, around: Around): { body: T; scope: Scope } {
  const names = new Map(
    Object.keys(body.nodes).map((id) => [id, around.ids.get(pathOf(`${path}/nodes`, id)) ?? id] as const),
  );
  const scope = new Map([...around.scope, ...names]);
  const links = new Map([...(around.triggers ?? []), ...names]);
  const nodes = Object.entries(body.nodes).map(([id, node]) => {
    const needs = node.needs?.map((text) => renameNeed(text, links, body, path, around.ids));
    const renamed = renameNode(node, pathOf(`${path}/nodes`, id), { ids: around.ids, scope });
    return [names.get(id) ?? id, needs === undefined ? renamed : { ...renamed, needs }] as const;
  });
  const output = body.output === undefined ? {} : { output: renameInValue(body.output, renamingOf(scope)) };
  return { body: { ...body, nodes: Object.fromEntries(nodes), ...output }, scope };
}

function renameNode(node: GraphNode, path: string, around: Around): GraphNode {
  const outside = renamingOf(around.scope);
  const inside =
    node.nodes === undefined
      ? { body: { output: renameInValue(node.output, outside) }, scope: around.scope }
      : renameBody({ nodes: node.nodes, output: node.output }, path, around);
  // A `catch` and a `finally` see the nodes of their try.
  const aside = { ids: around.ids, scope: inside.scope };
  const changed: GraphNode = {
    ...node,
    ...(node.if === undefined ? {} : { if: renameInValue(node.if, outside) }),
    ...(node.with === undefined ? {} : { with: renameInValue(node.with, outside) }),
    ...(node.compensate === undefined ? {} : { compensate: renameInInline(node.compensate, outside) }),
    ...(node.notify === undefined ? {} : { notify: renameInInline(node.notify, outside) }),
    ...(node.nodes === undefined ? {} : { nodes: (inside.body as Body).nodes }),
    ...(node.output === undefined ? {} : { output: inside.body.output }),
    ...(node.catch === undefined ? {} : { catch: renameCatch(node.catch, `${path}/catch`, aside) }),
    ...(node.finally === undefined ? {} : { finally: renameBody(node.finally, `${path}/finally`, aside).body }),
  };
  return renameTools(changed, path, around.ids);
}

function renameCatch(
  body: NonNullable<GraphNode['catch']>,
  path: string,
  around: Around,
): NonNullable<GraphNode['catch']> {
  const renamed = renameBody(body, path, around).body;
  return body.if === undefined ? renamed : { ...renamed, if: renameInValue(body.if, renamingOf(around.scope)) };
}

function renameNeed(text: string, links: Scope, body: Body, path: string, ids: NewIds): string {
  const need = parseNeed(text);
  if (need === null) return text;
  const renamed: Need = { source: links.get(need.source) ?? need.source, port: portOf(need, body, path, ids) };
  return renamed.source === need.source && renamed.port === need.port ? text : formatNeed(renamed);
}

/** The ports of a race are the ids of its end nodes. */
function portOf({ source, port }: Need, body: Body, path: string, ids: NewIds): string {
  if (splitUses(own(body.nodes, source)?.uses ?? '').type !== 'race') return port;
  return ids.get(pathOf(`${pathOf(`${path}/nodes`, source)}/nodes`, port)) ?? port;
}

const renamingOf =
  (scope: Scope): Renaming =>
  (kind, id) => {
    const to = kind === 'vars' ? undefined : scope.get(id);
    return to === undefined || to === id ? null : to;
  };

const pathOf = (map: string, id: string): string => `${map}/${escapeSegment(id)}`;
