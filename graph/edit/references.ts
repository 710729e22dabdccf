import type { Body, GraphNode, InlineNode } from '../document/types.ts';
import { locateReferences } from '../expression/parse.ts';
import type { Json } from '../json.ts';
import { mapValues } from './tree.ts';

/**
 * The new id for a reference of this kind to this id; null leaves the reference as it is. `{ instead }` takes the place of
 * the id and of the `field` that is read of it.
 */
export type Renaming = (
  kind: 'nodes' | 'errors' | 'loops' | 'vars',
  id: string,
  field: string | null,
) => string | null | { readonly instead: string };

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
    const quoted = /["'`]/.test(text[start - 1] ?? '');
    const close = quoted ? text.indexOf(']', end) + 1 : end;
    const read = /^\??\.([A-Za-z_]\w*)/.exec(text.slice(close));
    const to = renaming(kind, id, read?.[1] ?? null);
    if (to === null) continue;
    if (typeof to === 'object') {
      result += text.slice(done, start) + to.instead + text.slice(end, close);
      done = close + (read?.[0].length ?? 0);
      continue;
    }
    const [head, ...path] = to.split('.');
    // `nodes['x']` becomes `nodes['c'].x`: the rest of the path goes after the bracket.
    const until = path.length > 0 ? close : end;
    result += text.slice(done, start) + head + text.slice(end, until) + path.map((name) => `.${name}`).join('');
    done = until;
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
