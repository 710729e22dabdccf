import { z } from 'zod';
import type { Graph } from '../../graph/document/types.ts';
import { json, name, nextPage, pageCursor, pageLimit, slug } from '../http/fields.ts';
import { graphProblem } from '../http/graph-problem.ts';

export const workflowParams = z.strictObject({ name: slug() });

const NUMBER = /^[1-9]\d{0,8}$/;
const versionNumber = () => z.string().regex(NUMBER, 'must be a version number').transform(Number);

export const versionParams = z.strictObject({ name: slug(), version: versionNumber() });

const format = <F extends string>(...formats: readonly [F, ...F[]]) =>
  z.enum(formats).optional().describe(`Default: ${formats[0]}.`);

export const versionFormat = z.strictObject({ format: format('json', 'yaml') });

export const acceptHeader = z.object({
  accept: z.string().optional().describe('`application/yaml`: the text of the version.'),
});

/** How many items a page has. */
export const pageQuery = {
  limit: pageLimit(200, { what: 'items', usual: 50 }),
  cursor: pageCursor(),
};

export const versionsQuery = z.strictObject(pageQuery);

const side = (meaning: string) =>
  z
    .union([versionNumber(), z.enum(['draft', 'published'])])
    .optional()
    .describe(`\`draft\`, \`published\`, or the number of a version. Default: ${meaning}.`);

export const diffQuery = z.strictObject({
  from: side('`published`'),
  to: side('`draft`'),
  format: format('json', 'text', 'mermaid'),
});

const summary = {
  version: z.int(),
  hash: z.string().describe('SHA-256 of the canonical graph.'),
  publishedAt: z.string(),
  message: z.string().nullable().describe('Why it was published.'),
  author: z.string().nullable().describe('Who published it; null: that was not kept.'),
};

export const versionList = z.object({
  items: z.array(z.object({ ...summary, isPublished: z.boolean() })),
  next: nextPage(),
});

export const version = z
  .object({
    name: z.string(),
    ...summary,
    graph: json<Graph>(),
    text: z.string().describe('Its text, comments included; of the published version, the newest that says the same.'),
  })
  .meta({ id: 'Workflow' });

const change = z.looseObject({
  what: z.enum(['node', 'trigger', 'link', 'field']),
  change: z.enum(['added', 'removed', 'changed', 'renamed', 'moved']),
  path: z.string().describe('JSON Pointer in `to`; of something removed, in `from`.'),
});

export const difference = z
  .object({
    name: z.string(),
    from: z.union([z.int(), z.string()]),
    to: z.union([z.int(), z.string()]),
    diff: z.literal(1),
    changes: z.array(change).describe('What changes how the graph runs or reads.'),
    layout: z.array(change).describe('What only changes how it is drawn.'),
  })
  .meta({ id: 'GraphDifference' });

export const rollbackBody = z.strictObject({
  to: z.int().min(1).max(999_999_999).describe('The version to go back to.'),
  message: name(2000).optional().describe('Why; `Back to version N.` if not given.'),
});

const isVersion = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 999_999_999;

const mergeSide = () =>
  json()
    .refine((side) => typeof side !== 'number' || isVersion(side), 'must be the number of a version, or a graph')
    .describe('The number of a version, a graph as an object, or the text of one.');

export const mergeBody = z
  .strictObject({
    base: mergeSide().optional().describe('What both began from; the base of the draft if not given.'),
    mine: mergeSide(),
    theirs: mergeSide().optional().describe('The draft if not given.'),
  })
  .refine((body) => body.mine !== undefined, { path: ['mine'], message: 'is missing' });

export const merged = z
  .object({
    clean: z.boolean().describe('Whether there is no conflict.'),
    conflicts: z.array(
      z.looseObject({
        kind: z.enum(['changed', 'added', 'deleted', 'renamed', 'moved', 'order', 'invalid']),
        path: z.string().describe('JSON Pointer in the merged graph, or where it would be.'),
        base: json().optional(),
        mine: json().optional(),
        theirs: json().optional(),
        problem: graphProblem.optional(),
      }),
    ),
    problems: z.array(graphProblem).describe('Errors of the merged graph that one of the sides has, too.'),
    text: z.string().describe('`mine`, changed to what was merged; markers stand around what is to be decided.'),
    graph: json().describe('What was merged; where there is a conflict, what `mine` says.'),
  })
  .meta({ id: 'Merged' });
