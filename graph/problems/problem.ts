/** How bad a problem is. */
export type Severity = 'error' | 'warning';

/**
 * One thing wrong with a graph. A graph with an error can be saved but not published; a warning reports something that
 * the language allows but hardly anybody means.
 *
 * @example { severity: 'error', code: 'not-upstream', path: '/nodes/b/with/url', message: '…', hint: '…', line: 7, column: 12 }
 */
export interface Problem {
  readonly severity: Severity;
  /** Stable kebab-case code; each has its entry in `docs/language.md`. */
  readonly code: string;
  /** JSON Pointer into the graph document ('' is the whole document). */
  readonly path: string;
  /** What is wrong, naming the offending id, field or value. */
  readonly message: string;
  /** How to fix it. */
  readonly hint?: string;
  /** Place in the source text (both from 1), if the graph was parsed from text. */
  readonly line?: number;
  readonly column?: number;
}

/** The problems that keep a graph from being published: errors, and if `strict`, warnings too. */
export function blocking(problems: readonly Problem[], strict = false): readonly Problem[] {
  return strict ? problems : problems.filter(({ severity }) => severity === 'error');
}
