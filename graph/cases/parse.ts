import { checkPlain, toProblems, type Wording } from '../document/issues.ts';
import { locate, readDocument } from '../document/parse.ts';
import { createSource, type Source } from '../document/source.ts';
import { MAX_PROBLEMS } from '../limits.ts';
import type { Problem } from '../problems/problem.ts';
import { CASE_KEYS, suiteSchema } from './schema.ts';
import type { Suite } from './types.ts';

/** A file of graph tests, read from text. */
export interface ParsedSuite {
  /** Null if the text is no file of graph tests. */
  readonly suite: Suite | null;
  readonly problems: readonly Problem[];
  /** Finds lines and columns; absent if the text could not be read. */
  readonly source?: Source;
}

const WORDING: Wording = {
  keys: CASE_KEYS,
  unknown: 'docs/testing-graphs.md lists the fields.',
  empty: 'Graph tests are a map that begins with `cases:`.',
};

/**
 * Reads graph tests from YAML or JSON and checks their shape. Never throws. Every problem has its line and column.
 *
 * @example parseSuite('cases: [{ name: greets, expect: { output: hello } }]').suite
 */
export function parseSuite(text: string): ParsedSuite {
  const reading = readDocument(text);
  if (reading.place === undefined) return { suite: null, problems: reading.problems };
  const source = createSource(text, reading.place);
  const problems = [...reading.problems, ...locate(shapeProblems(reading.value), source)].slice(0, MAX_PROBLEMS);
  return { suite: problems.length === 0 ? (reading.value as Suite) : null, problems, source };
}

function shapeProblems(value: unknown): readonly Problem[] {
  const foreign = checkPlain(value);
  if (foreign !== null) return [foreign];
  const issues = suiteSchema.safeParse(value).error?.issues ?? [];
  return issues.flatMap((issue) => toProblems(issue, value, WORDING));
}
