import { z } from 'zod';
import { json, slug } from '../http/fields.ts';
import { graphProblem } from '../http/graph-problem.ts';

export const workflowParams = z.strictObject({ name: slug() });

export const publishBody = z
  .strictObject({ graph: json().describe('The graph: an object, or YAML or JSON text.') })
  .refine((body) => body.graph !== undefined, { path: ['graph'], message: 'is missing' });

export const published = z
  .object({
    name: z.string(),
    version: z.int(),
    hash: z.string().describe('SHA-256 of the canonical graph.'),
    publishedAt: z.string(),
    warnings: z.array(graphProblem).describe('Warnings about the graph.'),
  })
  .meta({ id: 'Published' });

export const workflowList = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      label: z.string().nullable(),
      version: z.int().nullable(),
      publishedAt: z.string().nullable(),
    }),
  ),
});

export const workflow = z
  .object({ name: z.string(), version: z.int(), hash: z.string(), graph: json() })
  .meta({ id: 'Workflow' });

export const versionQuery = z.strictObject({
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a version number')
    .transform(Number)
    .optional()
    .describe('Default: the published version.'),
});

export const queueQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a whole number, 1 to 1000')
    .transform(Number)
    .refine((n) => n <= 1000, 'must be at most 1000')
    .optional()
    .describe('Most runs, and most groups of firings, 1 to 1000; 100 if not given.'),
});

const key = z.string().describe('Whatever has another key waits by itself. At most its first 200 characters.');

export const queue = z
  .object({
    waiting: z
      .array(
        z.object({
          run: z.object({ id: z.string(), url: z.string() }),
          word: z.enum(['concurrency', 'rateLimit']).describe('Why the run waits.'),
          position: z.int().describe('Its place among the runs with its key: 1 is the next.'),
          key,
          priority: z.int(),
          since: z.string(),
          until: z.string().nullable().describe('When it may go on, if that is known.'),
        }),
      )
      .describe('Runs that wait for their place, in order.'),
    held: z
      .array(
        z.object({
          group: z.string(),
          word: z.enum(['debounce', 'batch']).describe('What holds it.'),
          trigger: z.string(),
          version: z.int().describe('The version of its run.'),
          key,
          count: z.int().describe('How many events there are.'),
          openedAt: z.string(),
          dueAt: z.string().describe('When its run begins, unless something changes.'),
          reason: z.string().nullable().describe('Why its run did not begin, if that was tried.'),
        }),
      )
      .describe('Events that are held: one run begins for each group.'),
    counts: z.object({ waiting: z.int(), held: z.int() }).describe('How many there are in all.'),
  })
  .meta({ id: 'Queue' });
