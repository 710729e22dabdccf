/** What differs between two graphs: as data, as text, and as a drawing. */
export { diffGraphs } from './diff.ts';
export { diffMermaid } from './mermaid.ts';
export { type DiffLine, diffLines } from './text.ts';
export type { Change, GraphDiff } from './types.ts';
