import type { Body, GraphNode, InlineNode } from '../document/types.ts';
import { locateReferences } from '../expression/parse.ts';
import type { Json } from '../json.ts';
import { mapValues } from './tree.ts';

/** The new id for a reference of this kind to this id; null leaves the reference as it is. */
export type Renaming = (kind: 'nodes' | 'errors' | 'loops' | 'vars', id: string) => string | null;

/** Changes the references in every expression of a value. A text whose expressions have problems stays as it is. */
export function renameInValue<T extends Json | undefined>(value: T, renaming: Renaming): T {
  if (typeof value === 'string') return renameInText(value, renaming) as T;
  if (Array.isArray(value)) return value.map((item) => renameInValue(item, renaming)) as T;
  if (value === null || typeof value !== 'object') return value;
  return mapValues(value as Record<string, Json>, (inner) => renameInValue(inner, renaming)) as T;
}

function renameInText(text: string, renaming: Renaming): string {
  if (!text.includes('${{')) return text;
  let result = '';
  let done = 0;
  for (const { kind, id, start, end } of locateReferences(text)) {
    const to = renaming(kind, id);
    if (to === null) continue;
    const [head, ...path] = to.split('.');
    const quoted = /["'`]/.test(text[start - 1] ?? '');
    // `nodes['x']` becomes `nodes['c'].x`: the rest of the path goes after the bracket.
    const close = quoted && path.length > 0 ? text.indexOf(']', end) + 1 : end;
    result += text.slice(done, start) + head + text.slice(end, close) + path.map((name) => `.${name}`).join('');
    done = close;
  }
  return result + text.slice(done);
}

/** Changes the references in a node, including those inside its bodies. */
export function renameInNode(node: GraphNode, renaming: Renaming): GraphNode {
  return {
    ...node,
    ...(node.if === undefined ? {} : { if: renameInValue(node.if, renaming) }),
    ...(node.with === undefined ? {} : { with: renameInValue(node.with, renaming) }),
    ...(node.compensate === undefined ? {} : { compensate: renameInInline(node.compensate, renaming) }),
    ...(node.notify === undefined ? {} : { notify: renameInInline(node.notify, renaming) }),
    ...(node.output === undefined ? {} : { output: renameInValue(node.output, renaming) }),
    ...(node.nodes === undefined ? {} : { nodes: mapValues(node.nodes, (inner) => renameInNode(inner, renaming)) }),
    ...(node.catch === undefined ? {} : { catch: renameInCatch(node.catch, renaming) }),
    ...(node.finally === undefined ? {} : { finally: renameInBody(node.finally, renaming) }),
  };
}

/** Changes the references in a `catch`, including its condition. */
function renameInCatch(body: NonNullable<GraphNode['catch']>, renaming: Renaming): NonNullable<GraphNode['catch']> {
  const renamed = renameInBody(body, renaming);
  return body.if === undefined ? renamed : { ...renamed, if: renameInValue(body.if, renaming) };
}

/** Changes the references in the nodes of a body and in its output. */
function renameInBody<T extends Body>(body: T, renaming: Renaming): T {
  return {
    ...body,
    nodes: mapValues(body.nodes, (node) => renameInNode(node, renaming)),
    ...(body.output === undefined ? {} : { output: renameInValue(body.output, renaming) }),
  };
}

/** Changes the references in a `compensate` or `notify`. */
export const renameInInline = (node: InlineNode, renaming: Renaming): InlineNode =>
  node.with === undefined ? node : { ...node, with: renameInValue(node.with, renaming) };
