/** Merges what two sides made of one graph. */
export { mergeGraphs } from './merge.ts';
export { type MergedText, mergeTexts, type TextMerge, type Unreadable } from './merge-texts.ts';
export type { Conflict, Merged, Side } from './types.ts';
export type { Graphs } from './work.ts';
