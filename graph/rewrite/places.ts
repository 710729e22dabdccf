import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';

/** Whether a list or map is written with brackets. */
export const isFlow = (node: YAMLMap | YAMLSeq): boolean => node.flow === true;

/** Where a part of the text begins. */
export const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Where the last character of a part stands, trailing comments and empty lines aside. */
export function endOf(node: Node, text: string): number {
  const [start, end] = [startOf(node), node.range?.[1] ?? 0];
  if ((isMap(node) || isSeq(node)) && !isFlow(node)) {
    const last = node.items.at(-1);
    const inner = isMap(node) ? (last as Pair<Node, Node | null> | undefined) : undefined;
    if (inner !== undefined) return endOfPair(inner, text);
    if (last !== undefined) return endOf(last as Node, text);
  }
  let at = end;
  while (at > start && /\s/.test(text[at - 1]!)) at -= 1;
  return at;
}

/** Where a field ends. */
export const endOfPair = ({ key, value }: Pair<Node, Node | null>, text: string): number =>
  isEmpty(value) ? text.indexOf(':', endOf(key, text)) + 1 : endOf(value!, text);

/** Whether nothing is written where a value could stand. */
export const isEmpty = (node: Node | null): boolean =>
  node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);

/** Where the line begins that an offset stands on. */
export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Where the line ends that an offset stands on: at its line break, or at the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end > 0 && text[end - 1] === '\r' ? end - 1 : end;
}

/** How far a part is indented. */
export const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** Whether a part is the first on its line. */
export const isFirst = (text: string, at: number): boolean => text.slice(lineStart(text, at), at).trim() === '';

/** Where the comment lines begin that stand directly above a line, as far indented as it is. */
export function withComments(text: string, line: number, column: number): number {
  let at = line;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    const content = text.slice(above, at);
    if (content.trimStart()[0] !== '#' || content.length - content.trimStart().length !== column) break;
    at = above;
  }
  return at;
}

/** The key of a field as JSON spells it. */
export const keyOf = ({ key }: Pair<Node, Node | null>): string => {
  const { value, source } = key as Scalar;
  return typeof value === 'string' ? value : (source ?? String(value));
};
