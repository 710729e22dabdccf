import { isId, RESERVED_IDS, splitUses } from '../document/names.ts';
import type { Body, Graph, GraphNode } from '../document/types.ts';
import { own } from '../pointer.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import { around, bodiesOf } from '../structure/bodies.ts';
import { type Renaming, renameInBody, renameInCatch } from './references.ts';
import { bodyAt, containerOf, mapValues, renameKey, replaceBody } from './tree.ts';

/** Why an id cannot be used for a (new) node of a body, or null if it can. */
export function idProblem(graph: Graph, pointer: string, id: string): Problem | null {
  const path = `${pointer}/nodes/${id}`;
  if (!isId(id)) return problem('bad-id', path, `\`${id}\` is not an id.`);
  if (RESERVED_IDS.has(id))
    return problem('reserved-id', path, `\`${id}\` cannot be an id: it means something in the language.`);
  const bodies = bodiesOf(graph);
  const at = bodies.find((each) => each.path === pointer);
  const taken =
    at === undefined ||
    bodies.some((each) => (each === at || within(each.path, pointer)) && Object.hasOwn(each.body.nodes, id)) ||
    around(at).some((body) => Object.hasOwn(body.nodes, id)) ||
    own(graph.triggers, id) !== undefined;
  return taken ? problem('duplicate-id', path, `The id \`${id}\` is taken.`) : null;
}

const within = (path: string, outer: string): boolean => path.startsWith(`${outer}/`);

/**
 * The graph with one id renamed: in the links of its body, in every expression that can see the node, and, for an
 * end node of a race, in the links from the race's ports.
 */
export function renameId(graph: Graph, pointer: string, from: string, to: string): Graph {
  const renaming: Renaming = (kind, id) => (kind !== 'vars' && id === from ? to : null);
  const body = bodyAt(graph, pointer)!;
  const renamed = renameLinks(renameInBody({ ...body, nodes: renameKey(body.nodes, from, to) }, renaming), from, to);
  if (pointer === '') return renamed as Graph;
  const container = containerOf(pointer);
  if (container === null) return replaceBody(graph, pointer, renamed);
  const changed = replaceBody(graph, pointer, renameAside(renamed as Body & GraphNode, renaming));
  return renamePorts(changed, container.body, container.id, from, to);
}

/** Renames references in `catch` and `finally`, because they see the nodes of their try. */
function renameAside(node: Body & GraphNode, renaming: Renaming): Body {
  return {
    ...node,
    ...(node.catch === undefined ? {} : { catch: renameInCatch(node.catch, renaming) }),
    ...(node.finally === undefined ? {} : { finally: renameInBody(node.finally, renaming) }),
  };
}

function renameLinks<T extends Body>(body: T, from: string, to: string): T {
  const rename = (text: string): string =>
    text === from || text.startsWith(`${from}.`) ? to + text.slice(from.length) : text;
  return {
    ...body,
    nodes: mapValues(body.nodes, (node) =>
      node.needs === undefined ? node : { ...node, needs: node.needs.map(rename) },
    ),
  };
}

function renamePorts(graph: Graph, outer: string, race: string, from: string, to: string): Graph {
  const body = bodyAt(graph, outer)!;
  if (splitUses(body.nodes[race]?.uses ?? '').type !== 'race') return graph;
  const rename = (text: string): string => (text === `${race}.${from}` ? `${race}.${to}` : text);
  const nodes = mapValues(body.nodes, (node) =>
    node.needs === undefined ? node : { ...node, needs: node.needs.map(rename) },
  );
  return replaceBody(graph, outer, { ...body, nodes });
}
