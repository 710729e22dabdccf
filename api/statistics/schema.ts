import { z } from 'zod';
import { moment, slug, time } from '../http/fields.ts';
import { runStatus } from '../runs/schema.ts';

const ms = z.number().nullable().describe('In milliseconds, right within 5 %; null: there is nothing to say.');

export const statisticsQuery = z.strictObject({
  workflow: slug().optional().describe('Default: all workflows.'),
  by: z.enum(['hour', 'day']).default('hour'),
  from: moment().optional().describe('Default: a day, or with `by=day` 30 days, before `to`.'),
  to: moment().optional().describe('Default: now. Counted are runs that ended before.'),
});

const runs = {
  runs: z.int().describe('Runs that ended.'),
  counts: z.partialRecord(runStatus, z.int()).describe('The same by status.'),
  successRate: z
    .number()
    .nullable()
    .describe('Share of those that succeeded, from 0 to 1, without those that were cancelled.'),
  p50Ms: ms,
  p95Ms: ms,
  cost: z.string().describe('What calls to models cost in these runs, in US dollars, as far as prices are known.'),
};

const node = z.object({
  workflow: z.string(),
  node: z.string(),
  type: z.string(),
  count: z.int(),
  failed: z.int(),
  retries: z.int().describe('Attempts beyond the first.'),
  meanMs: z.number(),
  p50Ms: ms,
  p95Ms: ms,
});

export const statistics = z
  .object({
    workflow: z.string().nullable().describe('Null: all workflows.'),
    by: z.enum(['hour', 'day']),
    from: time(),
    to: time(),
    open: z.int().describe('Runs that are open now; at most 10,000 are counted.'),
    total: z.object(runs),
    buckets: z.array(z.object({ at: time(), ...runs })).describe('Those in which runs ended, the earliest first.'),
    nodes: z
      .object({ slowest: z.array(node), failing: z.array(node), retried: z.array(node) })
      .describe('The first ten of each, by whole days, in UTC.'),
  })
  .meta({ id: 'Statistics' });

export type WireStatistics = z.input<typeof statistics>;
