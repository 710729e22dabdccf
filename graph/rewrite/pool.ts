import { isMap as isMapNode, isSeq, type Node, type Pair } from 'yaml';
import { isMap, type Json, type JsonObject } from '../json.ts';
import { own } from '../pointer.ts';
import * as at from './places.ts';

/** A node of the graph that was removed from its place, with its lines and the comments above them. */
export interface Removed {
  readonly key: string;
  readonly value: JsonObject;
  /** Not indented. */
  readonly text: string;
}

/** The nodes of a graph that stand in its text and not in the same place of the new graph. */
export function removedNodes(text: string, node: Node | null, before: Json, after: Json | undefined): Removed[] {
  if (isSeq(node) && Array.isArray(before)) {
    const items = Array.isArray(after) ? after : [];
    return node.items.flatMap((item, index) => removedNodes(text, item as Node, before[index]!, items[index]));
  }
  if (!isMapNode(node) || !isMap(before) || at.isFlow(node)) return [];
  return (node.items as Pair<Node, Node | null>[]).flatMap((pair) => {
    const key = at.keyOf(pair);
    const value = before[key]!;
    const other = isMap(after) ? own(after, key) : undefined;
    const inner = removedNodes(text, pair.value, value, other);
    if (other !== undefined || !isMap(value) || typeof value.uses !== 'string') return inner;
    return [...snippet(text, pair, key, value), ...inner];
  });
}

function snippet(text: string, pair: Pair<Node, Node | null>, key: string, value: JsonObject): Removed[] {
  const start = at.startOf(pair.key);
  if (!at.isFirst(text, start)) return [];
  const column = at.columnOf(text, start);
  const line = at.withComments(text, at.lineStart(text, start), column);
  const lines = text.slice(line, at.lineEnd(text, at.endOfPair(pair, text))).split('\n');
  return [{ key, value, text: lines.map((one) => one.slice(Math.min(column, indentOf(one)))).join('\n') }];
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
