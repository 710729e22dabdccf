import type { Body, Graph, GraphNode } from '../document/types.ts';
import type { Json } from '../json.ts';
import { fromPointer, toPointer } from '../pointer.ts';

/** The body whose `nodes` are at `pointer + '/nodes'`, or undefined. */
export function bodyAt(graph: Graph, pointer: string): Body | undefined {
  let value: unknown = graph;
  for (const segment of fromPointer(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  const isBody = value !== null && typeof value === 'object' && 'nodes' in value && typeof value.nodes === 'object';
  return isBody ? (value as Body) : undefined;
}

/** The graph with other nodes in one body; everything else is shared with the old graph. */
export function withNodes(graph: Graph, pointer: string, nodes: Readonly<Record<string, GraphNode>>): Graph {
  return setIn(
    graph as unknown as Json,
    [...fromPointer(pointer), 'nodes'],
    nodes as unknown as Json,
  ) as unknown as Graph;
}

/**
 * A copy of a value with one part of it replaced, or removed if `part` is undefined. Missing maps on the path are
 * created; a list takes an index up to its length, or `-` for its end.
 *
 * @throws RangeError if the path leads through a text, a number or a missing entry of a list
 */
export function setIn(value: Json | undefined, segments: readonly string[], part: Json | undefined): Json | undefined {
  const [first, ...rest] = segments;
  if (first === undefined) return part;
  if (first === '__proto__') throw new RangeError('The key `__proto__` is not allowed.');
  if (Array.isArray(value)) {
    const index = first === '-' ? value.length : Number(first);
    if (!/^(-|0|[1-9][0-9]*)$/.test(first) || index > value.length)
      throw new RangeError(`The list has no entry ${first}.`);
    const inner = setIn(value[index], rest, part);
    if (inner === undefined) return value.filter((_, at) => at !== index);
    return [...value.slice(0, index), inner, ...value.slice(index + 1)];
  }
  if (value !== undefined && (value === null || typeof value !== 'object'))
    throw new RangeError(`${JSON.stringify(value).slice(0, 40)} has no field ${first}.`);
  const inner = setIn(value !== undefined && Object.hasOwn(value, first) ? value[first] : undefined, rest, part);
  const { [first]: _gone, ...others } = value ?? {};
  if (inner === undefined) return others;
  return { ...value, [first]: inner };
}

/** The map with every value changed. */
export function mapValues<T, R>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/** The graph with another body at a pointer. */
export function replaceBody(graph: Graph, pointer: string, body: Body): Graph {
  return setIn(graph as unknown as Json, fromPointer(pointer), body as unknown as Json) as unknown as Graph;
}

/** The container whose own body this is, and the body it is in; null for the graph, a `catch` and a `finally`. */
export function containerOf(pointer: string): { readonly id: string; readonly body: string } | null {
  const segments = fromPointer(pointer);
  const [before, id] = segments.slice(-2);
  // `catch` and `finally` are not ids.
  if (id === undefined || before !== 'nodes' || id === 'catch' || id === 'finally') return null;
  return { id, body: toPointer(segments.slice(0, -2)) };
}
