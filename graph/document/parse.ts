import { MAX_DOCUMENT_BYTES } from '../limits.ts';
import { problem } from '../problems/codes.ts';
import type { Problem } from '../problems/problem.ts';
import type { Draft } from './draft.ts';
import { NO_COMMENTS, readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { createReport, type Reading } from './reading.ts';
import { checkShape } from './shape.ts';
import { createSource, type Source } from './source.ts';
import type { Graph } from './types.ts';

/** A graph read from text. */
export interface Parsed {
  /** The graph; null if the text is not a graph. A graph may have problems and still can be saved. */
  readonly graph: Graph | null;
  readonly problems: readonly Problem[];
  /** What later checks can work with, although it is not all of the text; null if nothing is left. */
  readonly draft: Draft | null;
  /** Finds lines and columns for problems of later checks; absent if the text could not be read. */
  readonly source?: Source;
}

/**
 * Reads a graph from YAML or JSON and checks its shape. Never throws. Without a format, a text that begins with
 * `{` is tried as JSON first. Problems carry line and column; `locate` adds them to those of `validate`.
 *
 * @example const { graph, problems } = parseGraph(text);
 */
export function parseGraph(text: string, options: { readonly format?: 'yaml' | 'json' } = {}): Parsed {
  const reading = readDocument(text, options.format);
  if (reading.place === undefined) return { graph: null, problems: reading.problems, draft: null };
  const source = createSource(text, reading.place);
  const { graph, problems, draft } = checkShape(reading.value);
  // If the text itself has problems, the value read from it is not what the text says.
  if (reading.problems.length > 0)
    return { graph: null, problems: [...reading.problems, ...locate(problems, source)], draft, source };
  return { graph, problems: locate(problems, source), draft, source };
}

/** Codes of problems with a key itself, not with its value. */
const AT_KEY: ReadonlySet<string> = new Set([
  'unknown-key',
  'bad-id',
  'reserved-id',
  'duplicate-id',
  'unknown-parameter',
]);

/** Adds line and column to problems found in a graph that was read from this source. */
export function locate(problems: readonly Problem[], source: Source | undefined): Problem[] {
  if (source === undefined) return [...problems];
  return problems.map((found) =>
    found.line === undefined
      ? { ...found, ...source.locate(found.path, AT_KEY.has(found.code) ? 'key' : undefined) }
      : found,
  );
}

/** Reads any document of YAML or JSON, with the places of its parts. Never throws. */
export function readDocument(text: string, format?: 'yaml' | 'json'): Reading {
  if (isTooLarge(text)) return { problems: [problem('too-large', '', 'The document is larger than 1 MB.')] };
  const conflict = conflictProblem(text);
  if (conflict !== null) return { problems: [conflict] };
  const first = /^\uFEFF?\s*\{/.test(text);
  if (format === 'json') return readJson(text);
  if (format === 'yaml' || !first) return readYaml(text);
  const json = readJson(text);
  if (json.place !== undefined || hasSlashComment(text, json)) return json;
  const yaml = readYaml(text);
  return yaml.place !== undefined && json.problems.every(({ code }) => code === 'syntax') ? yaml : json;
}

/**
 * The markers that a merge leaves around what somebody has to decide. Between brackets YAML takes them for lines of a text, and
 * the document would say something that nobody has written.
 */
function conflictProblem(text: string): Problem | null {
  const start = text.search(/^<{7} /m);
  if (start < 0 || !/^={7}\r?$/m.test(text) || !/^>{7} /m.test(text)) return null;
  const { report, problems } = createReport(text);
  report(
    'syntax',
    start,
    'The text holds the markers of a merge conflict.',
    '',
    'Choose between both sides, and remove the markers.',
  );
  return problems[0] ?? null;
}

/** Whether the text is JSON except for a JavaScript comment, which YAML would read as a key or a text. */
function hasSlashComment(text: string, { problems }: Reading): boolean {
  const [found] = problems;
  if (found?.message !== NO_COMMENTS || found.line === undefined || found.column === undefined) return false;
  return text.split('\n')[found.line - 1]?.[found.column - 1] === '/';
}

/** Whether the text has more bytes in UTF-8 than a document may have; counted without encoding the text. */
function isTooLarge(text: string): boolean {
  if (text.length > MAX_DOCUMENT_BYTES) return true;
  if (text.length * 3 <= MAX_DOCUMENT_BYTES) return false;
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // A surrogate pair takes four bytes, two for each of its units.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes > MAX_DOCUMENT_BYTES;
}
