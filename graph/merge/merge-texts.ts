import { type Parsed, parseGraph } from '../document/parse.ts';
import type { Graph } from '../document/types.ts';
import type { Json } from '../json.ts';
import type { ValidationContext } from '../node-types/context.ts';
import { markEdits, rewriteEdits, rewriteText, type SideNames, type TextEdit } from '../rewrite/index.ts';
import { mergeGraphs } from './merge.ts';
import type { Conflict, Merged, Side } from './types.ts';

/** A merge of texts. */
export interface MergedText extends Merged {
  /** The text of `ours`, changed to what was merged. Conflict markers stand around what is to be decided. */
  readonly text: string;
}

/** A text that could not be read as a graph, so that nothing could be merged. */
export interface Unreadable {
  readonly side: 'base' | Side;
  readonly problems: Parsed['problems'];
}

/** How texts are merged. */
export interface TextMerge {
  readonly context: ValidationContext;
  readonly names: SideNames;
}

/**
 * Merges three texts of a graph. `ours` is changed where it must be, so that its comments survive. An empty base means
 * that both sides wrote a graph of their own.
 */
export function mergeTexts(
  texts: Readonly<Record<'base' | Side, string>>,
  { context, names }: TextMerge,
): MergedText | Unreadable {
  const [ours, theirs] = [parseGraph(texts.ours), parseGraph(texts.theirs)];
  if (ours.graph === null) return { side: 'ours', problems: ours.problems };
  if (theirs.graph === null) return { side: 'theirs', problems: theirs.problems };
  const base = texts.base.trim() === '' ? NOTHING : parseGraph(texts.base);
  if (base.graph === null) return { side: 'base', problems: base.problems };
  const graphs = { base: base.graph, ours: ours.graph, theirs: theirs.graph };
  const merged = mergeGraphs(graphs, { context });
  const text = rewriteText(texts.ours, merged.graph as unknown as Json);
  if (merged.conflicts.some(({ kind }) => kind !== 'invalid')) {
    const { graph } = mergeGraphs(graphs, { favour: 'theirs' });
    const edits = rewriteEdits(text, graph as unknown as Json) ?? wholeText(text, graph as unknown as Json);
    return { ...merged, text: markEdits(text, edits, names) };
  }
  return { ...merged, text, conflicts: [...merged.conflicts, ...unreadable(text)] };
}

/** Where single edits could not be found, there is still something to choose from: one text or the other. */
const wholeText = (text: string, value: Json): TextEdit[] => [
  { start: 0, end: text.length, text: rewriteText(text, value) },
];

const NOTHING: Pick<Parsed, 'problems'> & { readonly graph: Graph } = {
  graph: { blok: 1, nodes: {} } as unknown as Graph,
  problems: [],
};

/** A merged text can be larger than a graph may be. */
const unreadable = (text: string): Conflict[] => {
  const { graph, problems } = parseGraph(text);
  if (graph !== null) return [];
  return problems.slice(0, 1).map((problem) => ({ kind: 'invalid', path: problem.path, problem }));
};
