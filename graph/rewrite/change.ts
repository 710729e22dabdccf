import { isMap as isMapNode, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { sameJson } from '../diff/entries.ts';
import { isMap, type Json, type JsonObject } from '../json.ts';
import { alignItems, alignKeys } from './align.ts';
import type { TextEdit } from './edits.ts';
import * as at from './places.ts';
import { blockText, inlineText, itemText, keyText, type Reuse, type Style } from './render.ts';

/** A text that is changed. */
export interface Changing {
  readonly text: string;
  readonly newline: string;
  readonly style: Style;
  readonly edits: TextEdit[];
  /** Gives the old text of something that was removed and is to stand elsewhere. */
  readonly reuse: Reuse;
}

/** Where a value stands: what may be written there. */
interface Spot {
  /** Offset behind the `:` or `-`. */
  readonly from: number;
  /** How far the lines of a block are indented here; null inside of brackets, where there are no blocks. */
  readonly indent: number | null;
  readonly isItem?: boolean;
}

/** Notes the edits that turn one value into another. */
export function changeValue(changing: Changing, node: Node | null, before: Json, after: Json, spot: Spot): void {
  if (sameJson(before, after)) return;
  const isDone =
    isMapNode(node) && isMap(before) && isMap(after)
      ? changeMap(changing, node as YAMLMap<Node, Node | null>, before, after)
      : isSeq(node) && Array.isArray(before) && Array.isArray(after)
        ? changeList(changing, node as YAMLSeq<Node>, before, after)
        : false;
  if (!isDone) replaceValue(changing, node, after, spot);
}

function replaceValue({ text, edits, style, reuse }: Changing, node: Node | null, after: Json, spot: Spot): void {
  const { from, indent } = spot;
  const isNothing = at.isEmpty(node);
  const start = isNothing ? from : at.startOf(node!);
  const end = isNothing ? from : at.endOf(node!, text);
  const isOnLine = !text.slice(from, start).includes('\n');
  const put = (text: string): void => void edits.push({ start: isOnLine && !isNothing ? start : from, end, text });
  if (indent === null) return put(isNothing ? ` ${inlineText(after, style)}` : inlineText(after, style));
  const isBlockNow = isOnLine && /^[|>]/.test(text.slice(start)) && !isNothing;
  const written = (spot.isItem ? itemText : blockText)(after, indent, style, reuse);
  const hasRemark = !isBlockNow && text.slice(end, at.lineEnd(text, end)).includes('#');
  // A remark at the end of the line would become part of the lines that follow.
  if (written.includes('\n') && hasRemark && isOnLine) return put(`${isNothing ? ' ' : ''}${inlineText(after, style)}`);
  if (isOnLine && !isNothing && !written.startsWith('\n')) return put(written.slice(1));
  if (!isOnLine && written.startsWith('\n')) {
    edits.push({ start: at.lineEnd(text, from), end, text: written });
    return;
  }
  edits.push({ start: from, end, text: written });
}

/** A field of a map or an item of a list, as far as adding and removing goes. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** What becomes of the parts of a map or list. */
interface Plan {
  readonly parts: readonly Part[];
  /** Indexes of the parts that stay. */
  readonly kept: ReadonlySet<number>;
  /** New parts: the index of the part that each comes after, -1 at the beginning. */
  readonly added: readonly { readonly after: number; readonly block: string; readonly flow: string }[];
}

function changeMap(
  changing: Changing,
  node: YAMLMap<Node, Node | null>,
  before: JsonObject,
  after: JsonObject,
): boolean {
  const { text, style, reuse, edits } = changing;
  const pairs = node.items as Pair<Node, Node | null>[];
  const parts = pairs.map((pair) => ({ start: at.startOf(pair.key), end: at.endOfPair(pair, text) }));
  const { kept } = alignKeys(before, after);
  if (kept.size === 0 || parts.length === 0) return false;
  const indexes = new Map(pairs.map((pair, index) => [at.keyOf(pair), index]));
  const indent = at.columnOf(text, parts[0]!.start) + 2;
  const added: { after: number; block: string; flow: string }[] = [];
  let last = -1;
  for (const [key, value] of Object.entries(after)) {
    const was = kept.get(key);
    const name = keyText(key, style);
    if (was === undefined) {
      const block = reuse(key, value, indent - 2) ?? `${name}:${blockText(value, indent, style, reuse)}`;
      added.push({ after: last, block, flow: `${name}: ${inlineText(value, style)}` });
      continue;
    }
    last = indexes.get(was)!;
    const { key: keyNode, value: valueNode } = pairs[last]!;
    if (was !== key) edits.push({ start: at.startOf(keyNode), end: at.endOf(keyNode, text), text: name });
    const from = text.indexOf(':', at.endOf(keyNode, text)) + 1;
    changeValue(changing, valueNode, before[was]!, value, { from, indent: at.isFlow(node) ? null : indent });
  }
  return changeParts(changing, node, {
    parts,
    kept: new Set([...kept.values()].map((key) => indexes.get(key)!)),
    added,
  });
}

function changeList(changing: Changing, node: YAMLSeq<Node>, before: readonly Json[], after: readonly Json[]): boolean {
  const { text, style, reuse } = changing;
  const dashed = !at.isFlow(node);
  const parts = node.items.map((item) => ({
    start: dashed ? text.lastIndexOf('-', at.startOf(item) - 1) : at.startOf(item),
    end: at.endOf(item, text),
  }));
  const found = alignItems(before, after);
  if (parts.length === 0 || found.every((index) => index === null)) return false;
  const indent = at.columnOf(text, parts[0]!.start) + 2;
  const added: { after: number; block: string; flow: string }[] = [];
  let last = -1;
  for (const [index, value] of after.entries()) {
    const was = found[index]!;
    if (was === null) {
      added.push({ after: last, block: `-${itemText(value, indent, style, reuse)}`, flow: inlineText(value, style) });
      continue;
    }
    last = was;
    const spot = { from: parts[was]!.start + 1, indent: dashed ? indent : null, isItem: true };
    changeValue(changing, node.items[was]!, before[was]!, value, spot);
  }
  const kept = new Set(found.filter((index) => index !== null));
  return changeParts(changing, node, { parts, kept, added });
}

function changeParts(changing: Changing, node: YAMLMap | YAMLSeq, plan: Plan): boolean {
  return at.isFlow(node) ? changeFlow(changing, node, plan) : changeBlock(changing, plan);
}

/** Runs of parts that go. */
function runs({ parts, kept }: Plan): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const index of parts.keys()) {
    if (kept.has(index)) continue;
    const run = found.at(-1);
    if (run?.[1] === index - 1) run[1] = index;
    else found.push([index, index]);
  }
  return found;
}

function changeFlow({ text, edits }: Changing, node: Node, plan: Plan): boolean {
  const { parts, added } = plan;
  const first = parts[0]!.start;
  const isSpread = text.slice(at.startOf(node), first).includes('\n');
  const separator = isSpread ? `,\n${' '.repeat(at.columnOf(text, first))}` : ', ';
  for (const [from, to] of runs(plan)) {
    const next = parts[to + 1];
    if (next !== undefined) edits.push({ start: parts[from]!.start, end: next.start, text: '' });
    else edits.push({ start: parts[from - 1]!.end, end: parts[to]!.end, text: '' });
  }
  const begin = parts[Math.min(...plan.kept)]!.start;
  for (const { after, flow } of added) {
    if (after < 0) edits.push({ start: begin, end: begin, text: flow + separator });
    else edits.push({ start: parts[after]!.end, end: parts[after]!.end, text: separator + flow });
  }
  return true;
}

function changeBlock({ text, edits, newline }: Changing, plan: Plan): boolean {
  const { parts, added } = plan;
  const pad = ' '.repeat(at.columnOf(text, parts[0]!.start));
  for (const [from, to] of runs(plan)) {
    const start = parts[from]!.start;
    const end = at.lineEnd(text, parts[to]!.end);
    if (at.isFirst(text, start)) {
      const line = at.withComments(text, at.lineStart(text, start), pad.length);
      if (line > 0) edits.push({ start: at.lineEnd(text, line - 1), end, text: '' });
      else edits.push({ start: 0, end: Math.min(text.length, end + newline.length), text: '' });
    } else if (parts[to + 1] === undefined) return false;
    else edits.push({ start, end: parts[to + 1]!.start, text: '' });
  }
  const first = parts[Math.min(...plan.kept)]!.start;
  const isFirst = at.isFirst(text, first);
  const begin = isFirst ? at.withComments(text, at.lineStart(text, first), pad.length) : first;
  for (const { after, block } of added) {
    const end = after < 0 ? begin : at.lineEnd(text, parts[after]!.end);
    if (after >= 0) edits.push({ start: end, end, text: `\n${pad}${block}` });
    else edits.push({ start: end, end, text: isFirst ? `${pad}${block}\n` : `${block}\n${pad}` });
  }
  return true;
}
