/**
 * One thing wrong with a graph. A graph with problems can be saved but not published.
 *
 * @example { code: 'not-upstream', path: '/nodes/b/with/url', message: '…', hint: '…', line: 7, column: 12 }
 */
export interface Problem {
  /** Stable kebab-case code; each has its entry in `docs/language.md`. */
  readonly code: string;
  /** JSON Pointer into the graph document ('' is the whole document). */
  readonly path: string;
  /** What is wrong, naming the offending id, field or value. */
  readonly message: string;
  /** How to mend it. */
  readonly hint?: string;
  /** Where in the source text (both from 1), when it was parsed from text. */
  readonly line?: number;
  readonly column?: number;
}
