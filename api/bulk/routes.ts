import { z } from 'zod';
import { idempotencyHeader, name } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { countQuery } from '../runs/schema.ts';
import { bulk, MOST_RUNS } from './bulk.ts';

const filter = countQuery
  .refine((given) => Object.values(given).some((value) => value !== undefined), {
    message: 'must say which runs are meant',
  })
  .describe('The parameters of GET /api/runs/count, as texts.');

const body = z.strictObject({
  action: z.enum(['cancel', 'terminate', 'rerun']),
  filter,
  expected: z
    .int()
    .min(0)
    .max(MOST_RUNS)
    .optional()
    .describe('How many runs match, as counted before. Absent: they are only counted.'),
  reason: name(1_000).optional(),
});

const answer = z
  .object({
    count: z.int().describe('Runs that match, at most 1,000.'),
    more: z.boolean().describe('More runs match: send the request again.'),
    done: z.int().nullable().describe('Null: nothing was done.'),
    failed: z.array(z.object({ run: z.string(), code: z.string() })),
  })
  .meta({ id: 'BulkAnswer' });

export const bulkRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/runs/bulk',
    id: 'bulkRuns',
    access: { permission: 'run:control', of: 'run' },
    summary: 'Counts the runs that match, or cancels, terminates or repeats them, if they are as many as expected.',
    headers: idempotencyHeader(),
    body,
    responses: { 200: { description: 'How many, and what became of them.', schema: answer } },
    problems: ['bulk.changed', 'filter.notFound', 'temporal.unavailable'],
    handle: async (ctx, { headers, body: given, principal }) => ({
      status: 200,
      body: await bulk(ctx, { ...given, by: principal.id, key: headers['idempotency-key'] }),
    }),
  }),
] as const;
