import type { z } from 'zod';
import { MAX_DOCUMENT_NODES, MAX_PROBLEMS } from '../limits.ts';
import { problem } from '../problems/codes.ts';
import { foreignField } from '../problems/foreign-words.ts';
import type { Problem } from '../problems/problem.ts';
import { type Draft, draftOf } from './draft.ts';
import { checkPlain, toProblems, valueAt, type Wording } from './issues.ts';
import { graphSchema, LANGUAGE_KEYS, nodeSchema, triggerSchema } from './schema.ts';
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

/** How problems of a graph are worded. */
const WORDING: Wording = {
  keys: LANGUAGE_KEYS,
  foreign: foreignField,
  empty: 'A graph is a map that begins with `blok: 1`.',
};

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
    if (problems.length < MAX_PROBLEMS) problems.push(...toProblems(issue, value, WORDING));
    if (!isHarmless(issue, value)) usable = false;
  }
  if (usable) return withinSize(whole(value as Graph, problems));
  return withinSize({ graph: null, problems, draft: draftOf(value, unusable) });
}

const whole = (graph: Graph, problems: Problem[]): Shape => ({ graph, problems, draft: { graph, losses: [] } });

function isHarmless(issue: z.core.$ZodIssue, root: unknown): boolean {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return false;
  return toProblems(issue, root, WORDING).every(({ code }) => HARMLESS.has(code));
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
