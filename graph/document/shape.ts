import type { z } from 'zod';
import { DURATION_PATTERN } from '../duration.ts';
import { MAX_DOCUMENT_NESTING, MAX_DOCUMENT_NODES, MAX_PROBLEMS } from '../limits.ts';
import { toPointer } from '../pointer.ts';
import { type ProblemCode, problem } from '../problems/codes.ts';
import { foreignField } from '../problems/foreign-words.ts';
import { didYouMean } from '../problems/nearest.ts';
import type { Problem } from '../problems/problem.ts';
import { type Draft, draftOf } from './draft.ts';
import { ID_PATTERN, SLUG_PATTERN, USES_PATTERN } from './names.ts';
import { graphSchema, LANGUAGE_KEYS, NEED_PATTERN, nodeSchema, triggerSchema } from './schema.ts';
import type { Graph } from './types.ts';

/** Codes of problems that leave every field of its type, so that the graph can be saved and shown. */
const HARMLESS: ReadonlySet<string> = new Set([
  'unknown-key',
  'bad-name',
  'bad-id',
  'bad-duration',
  'bad-link',
  'unknown-type',
  'bad-value',
]);

/** The result of `checkShape`. */
export interface Shape {
  /** The same value, or null if the kind of some field makes the graph unusable. */
  readonly graph: Graph | null;
  readonly problems: Problem[];
  /** The graph without its unusable fields; null if too little is left. */
  readonly draft: Draft | null;
}

/** Checks that a value has the shape of a graph: its fields, their kinds, ids, durations, sizes. Never throws. */
export function checkShape(value: unknown): Shape {
  const foreign = checkPlain(value);
  if (foreign !== null) return { graph: null, problems: [foreign], draft: null };
  const result = graphSchema.safeParse(value);
  if (result.success) return withinSize(whole(value as Graph, []));
  const problems: Problem[] = [];
  let usable = true;
  for (const issue of allIssues(result.error.issues, value)) {
    // Issues that are not shown still decide whether the graph is usable.
    if (problems.length < MAX_PROBLEMS) problems.push(...toProblems(issue, value));
    if (!isHarmless(issue, value)) usable = false;
  }
  if (usable) return withinSize(whole(value as Graph, problems));
  return withinSize({ graph: null, problems, draft: draftOf(value, unusable) });
}

const whole = (graph: Graph, problems: Problem[]): Shape => ({ graph, problems, draft: { graph, losses: [] } });

function isHarmless(issue: z.core.$ZodIssue, root: unknown): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return false;
  return toProblems(issue, root).every(({ code }) => HARMLESS.has(code));
}

/** The issues about unusable fields of a value. */
function unusable(value: unknown): readonly z.core.$ZodIssue[] {
  const issues = allIssues(graphSchema.safeParse(value).error?.issues ?? [], value);
  return issues.filter((issue) => !isHarmless(issue, value));
}

/** All issues, including issues inside nodes and triggers with a bad id, because zod does not look below a bad key. */
function allIssues(issues: readonly z.core.$ZodIssue[], root: unknown): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_key') return [issue];
    const path = issue.path as (string | number)[];
    const schema = path.at(-2) === 'nodes' ? nodeSchema : path.at(-2) === 'triggers' ? triggerSchema : null;
    const inner = schema?.safeParse(valueAt(root, path));
    const found = (inner?.error?.issues ?? []).map((each) => ({ ...each, path: [...path, ...each.path] }));
    return [issue, ...allIssues(found, root)];
  });
}

function withinSize(shape: Shape): Shape {
  if (shape.draft === null) return shape;
  const { graph } = shape.draft;
  let count = 0;
  const bodies: unknown[] = [graph];
  for (let body = bodies.pop() as Graph | undefined; body !== undefined; body = bodies.pop() as Graph | undefined) {
    for (const node of Object.values(body.nodes)) {
      count += 1;
      for (const inner of [node.nodes ? node : undefined, node.catch, node.finally]) if (inner) bodies.push(inner);
    }
  }
  if (count <= MAX_DOCUMENT_NODES) return shape;
  const tooMany = problem('too-large', '/nodes', `The graph has ${count} nodes; ${MAX_DOCUMENT_NODES} are allowed.`);
  return { graph: null, problems: [...shape.problems, tooMany], draft: null };
}

/** Makes sure that the value is plain JSON, not too deep for recursion. Must run before anything else reads it. */
function checkPlain(root: unknown): Problem | null {
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

const EMPTY_HINT = 'A graph is a map that begins with `blok: 1`.';

function toProblems(issue: z.core.$ZodIssue, root: unknown): Problem[] {
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
            `There is no field \`${key}\` here.${foreignField(key) ? '' : didYouMean(key, LANGUAGE_KEYS)}`,
            foreignField(key, valueAt(root, [...segments, key])),
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
      if (path === '' && value === null) return [problem('bad-value', path, 'The document is empty.', EMPTY_HINT)];
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
    default:
      return [problem('bad-value', path, `${name} is not valid: ${issue.message}.`)];
  }
}

function invalidType(expected: string, path: string, name: string, value: unknown): Problem {
  const kinds: Record<string, string> = {
    record: 'a map',
    object: 'a map',
    array: 'a list',
    string: 'a text',
    int: 'a whole number',
    number: 'a number',
  };
  const hint = typeHint(expected, path, value);
  return problem('bad-value', path, `${name} must be ${kinds[expected] ?? expected}, not ${kindOf(value)}.`, hint);
}

function typeHint(expected: string, path: string, value: unknown): string | undefined {
  if (typeof value === 'number' && /(timeout|delay|maxDelay|attemptTimeout|per|quiet|atMost|within)$/i.test(path))
    return `A duration has a unit: \`${value}s\`.`;
  if (expected !== 'record' && expected !== 'object') return undefined;
  const [parent, key] = path.split('/').slice(-2);
  if (parent === 'nodes') return `A node is a map, such as \`${key}: { uses: set, with: { value: 1 } }\`.`;
  if (parent === 'triggers') return `A trigger is a map, such as \`${key}: { uses: schedule, with: { every: 1h } }\`.`;
  return Object.hasOwn(MAPS, key ?? '') ? `Such as \`${key}: ${MAPS[key!]}\`.` : 'A map looks like `{ name: value }`.';
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

function valueAt(root: unknown, segments: readonly (string | number)[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}
