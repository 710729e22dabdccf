import type { z } from 'zod';
import { DURATION_PATTERN } from '../duration.ts';
import { MAX_DOCUMENT_NESTING, MAX_PROBLEMS } from '../limits.ts';
import { toPointer } from '../pointer.ts';
import { type ProblemCode, problem } from '../problems/codes.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { ID_PATTERN, NEED_PATTERN, SLUG_PATTERN, USES_PATTERN } from './names.ts';

/** What messages say about one kind of document. */
export interface Wording {
  /** Every key that the document may have, to guess what an unknown key was meant to be. */
  readonly keys: readonly string[];
  /** What to write instead of a key that this kind of document does not have; undefined if nothing is known about it. */
  readonly foreign?: (key: string, value?: unknown) => string | undefined;
  /** The hint for an unknown key about which nothing else is known; that of the code if not given. */
  readonly unknown?: string;
  /** The hint for an empty document. */
  readonly empty: string;
}

/** Makes sure that the value is plain JSON, not too deep for recursion. Must run before anything else reads it. */
export function checkPlain(root: unknown): Problem | null {
  const left: { value: unknown; path: readonly (string | number)[] }[] = [{ value: root, path: [] }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    const at = (): string => toPointer(path);
    if (value === null || typeof value === 'boolean') continue;
    if (typeof value === 'string') {
      if (!value.isWellFormed()) return problem('bad-text', at(), 'The text holds half a Unicode surrogate pair.');
      continue;
    }
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return problem('bad-text', at(), `${value} is not a number JSON can hold.`);
      continue;
    }
    if (typeof value !== 'object') return problem('bad-value', at(), `A ${typeof value} is not JSON.`);
    if (path.length >= MAX_DOCUMENT_NESTING)
      return problem('too-large', at(), `Lists and maps are nested more than ${MAX_DOCUMENT_NESTING} deep.`);
    for (const [key, inner] of Object.entries(value)) {
      if (inner === undefined && !Array.isArray(value)) continue;
      if (key === '__proto__' || !key.isWellFormed())
        return problem('bad-key', at(), `The key \`${key.toWellFormed()}\` is not allowed.`);
      left.push({ value: inner, path: [...path, key] });
    }
  }
  return null;
}

/** The problem code of each pattern of the schema, and what a text that violates it is not. */
const PATTERNS: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  [DURATION_PATTERN]: ['bad-duration', 'is not a duration'],
  [SLUG_PATTERN]: ['bad-name', 'is not the name of a workflow'],
  [ID_PATTERN]: ['bad-id', 'is not an id'],
  [USES_PATTERN]: ['unknown-type', 'is not a type'],
  [NEED_PATTERN]: ['bad-link', 'is not a link'],
};

/** The problems that an issue of a strict schema stands for, in the words of the document. */
export function toProblems(issue: z.core.$ZodIssue, root: unknown, wording: Wording): Problem[] {
  const segments = issue.path as (string | number)[];
  const path = toPointer(segments);
  const value = valueAt(root, segments);
  const name = segments.length === 0 ? 'The document' : `\`${String(segments.at(-1))}\``;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, MAX_PROBLEMS)
        .map((key) =>
          problem(
            'unknown-key',
            toPointer([...segments, key]),
            `There is no field \`${key}\` here.${wording.foreign?.(key) ? '' : didYouMean(key, wording.keys)}`,
            wording.foreign?.(key, valueAt(root, [...segments, key])) ?? wording.unknown,
          ),
        );
    case 'invalid_key':
      return [problem('bad-id', path, `${name} is not an id.`, idHint(String(segments.at(-1))))];
    case 'invalid_format': {
      const source =
        'pattern' in issue && issue.pattern ? String(issue.pattern).slice(1, -1).replaceAll('\\/', '/') : '';
      const [code, what] = PATTERNS[source] ?? ['bad-value', 'does not have the right form'];
      // Every field with a pattern is the same in all runs, so none takes an expression.
      const computed = typeof value === 'string' && value.includes('${{');
      return [problem(code, path, `\`${show(value)}\` ${what}.${computed ? ` ${name} takes no expression.` : ''}`)];
    }
    case 'invalid_type':
      if (path === '' && value === null) return [problem('bad-value', path, 'The document is empty.', wording.empty)];
      return value === undefined
        ? [problem(path === '/blok' ? 'unsupported-language' : 'missing-field', path, `${name} is missing.`)]
        : [invalidType(issue.expected, path, name, value)];
    case 'invalid_value':
      if (path === '/blok') {
        const message =
          value === undefined
            ? '`blok` is missing.'
            : `This is language version ${JSON.stringify(value)?.slice(0, 60)}; only the number 1 is known.`;
        return [problem('unsupported-language', path, message)];
      }
      return [
        problem(
          'bad-value',
          path,
          `${name} is ${show(value)}; it can be ${issue.values.map((one) => `\`${String(one)}\``).join(', ')}.`,
        ),
      ];
    case 'too_small':
      return [problem('bad-value', path, `${name} is too small; the least is ${issue.minimum}.`)];
    case 'too_big':
      return [problem('bad-value', path, `${name} is too large; the most is ${issue.maximum}.`)];
    case 'invalid_union':
      return unionProblems(issue, root, wording);
    default:
      return [problem('bad-value', path, `${name} is not valid: ${issue.message}.`)];
  }
}

/** What a schema expects, in the words of messages. */
const KINDS: Readonly<Record<string, string>> = {
  record: 'a map',
  object: 'a map',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function invalidType(expected: string, path: string, name: string, value: unknown): Problem {
  const hint = typeHint(expected, path, value);
  return problem('bad-value', path, `${name} must be ${KINDS[expected] ?? expected}, not ${kindOf(value)}.`, hint);
}

function typeHint(expected: string, path: string, value: unknown): string | undefined {
  if (
    typeof value === 'number' &&
    /(timeout|delay|maxDelay|attemptTimeout|per|quiet|atMost|within|after|lasts)$/i.test(path)
  )
    return `A duration has a unit: \`${value}s\`.`;
  if (expected === 'array') return listHint(path, value);
  if (expected !== 'record' && expected !== 'object') return undefined;
  const [parent, key] = path.split('/').slice(-2);
  if (parent === 'nodes') return `A node is a map, such as \`${key}: { uses: set, with: { value: 1 } }\`.`;
  if (parent === 'triggers') return `A trigger is a map, such as \`${key}: { uses: schedule, with: { every: 1h } }\`.`;
  return Object.hasOwn(MAPS, key ?? '') ? `Such as \`${key}: ${MAPS[key!]}\`.` : 'A map looks like `{ name: value }`.';
}

/** A list of what was written instead of it. */
function listHint(path: string, value: unknown): string {
  const entry = typeof value === 'string' && /^[\w.@/-]{1,60}$/.test(value) ? value : 'a';
  return `A list looks like \`${path.split('/').at(-1)}: [${entry}]\`.`;
}

/** Examples of the maps of the language. */
const MAPS: Readonly<Record<string, string>> = {
  nodes: '{ first: { uses: set, with: { value: 1 } } }',
  triggers: '{ hourly: { uses: schedule, with: { every: 1h } } }',
  with: '{ value: 1 }',
  vars: '{ percent: 5 }',
  input: '{ type: object, properties: { id: { type: string } } }',
  retry: '{ maxAttempts: 3, delay: 1s }',
  catch: '{ nodes: { tell: { uses: log, with: { message: "it failed" } } } }',
  finally: '{ nodes: { tell: { uses: log, with: { message: "done" } } } }',
  compensate: '{ uses: kv.delete, with: { key: held } }',
  concurrency: '{ key: "${{ input.customer }}", limit: 1 }',
  rateLimit: '{ limit: 100, per: 1m }',
  debounce: '{ key: "${{ input.customer }}", quiet: 10s }',
  batch: '{ size: 100, within: 5m }',
};

/** Suggests an id as close to what was written as the rules allow. */
function idHint(written: string): string {
  const id = written
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 64);
  const rule = 'An id begins with a letter and holds letters, digits and _; `label` takes free text.';
  return id === '' || id === written ? rule : `Write \`${id}\`. ${rule}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** A value as a message shows it: short, on one line. */
function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** What a path leads to; undefined if there is nothing. */
export function valueAt(root: unknown, segments: readonly (string | number)[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}

/** The problems of the one branch of a union that takes values of this kind; else, what kinds the union takes. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, root: unknown, wording: Wording): Problem[] {
  const segments = issue.path as (string | number)[];
  const isOfKind = (branch: readonly z.core.$ZodIssue[]) =>
    !branch.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));
  const likely = issue.errors.filter(isOfKind);
  if (likely.length === 1)
    return likely[0]!.flatMap((inner) =>
      toProblems({ ...inner, path: [...segments, ...inner.path] } as z.core.$ZodIssue, root, wording),
    );
  const kinds = issue.errors.flatMap((branch) => branch.map(takes));
  const value = valueAt(root, segments);
  const message = `\`${String(segments.at(-1))}\` is ${kindOf(value)}${typeof value === 'string' ? ` (${show(value)})` : ''}; it can be ${kinds.join(' or ')}.`;
  return [problem('bad-value', toPointer(segments), message)];
}

/** What a branch of a union takes, told by the issue it has with something else. */
function takes(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.values.map((one) => `\`${String(one)}\``).join(', ');
  return issue.code === 'invalid_type' ? (KINDS[issue.expected] ?? issue.expected) : 'something else';
}
