import { z } from 'zod';
import { name, nextPage, pageCursor, pageLimit, runId, slug } from '../http/fields.ts';

const KEYS = ['day', 'workflow', 'model', 'connection'] as const;

const day = (description: string) => z.iso.date('must be a day, such as 2026-11-27').describe(description);

export const usageQuery = z.strictObject({
  from: day('First day, in the time zone of the workspace. Default: 29 days before `to`.').optional(),
  to: day('Last day. Default: today.').optional(),
  by: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(KEYS, `must be one of ${KEYS.join(', ')}, or several separated by commas`)).max(KEYS.length))
    .refine((keys) => new Set(keys).size === keys.length, 'must not hold the same word twice')
    .optional()
    .describe(`What usage is grouped by: ${KEYS.join(', ')}, or several separated by commas. Default: day.`),
  workflow: slug().optional().describe('Only calls of this workflow.'),
  model: name(200).optional().describe('Only calls to this model.'),
  connection: name(200).optional().describe('Only calls through this connection.'),
});

const sums = {
  calls: z.int().describe('Calls that were made, or are being made, failed ones included.'),
  input: z.number().describe('Tokens of input that were neither read from a cache nor written to it.'),
  cacheRead: z.number().describe('Tokens of input read from a cache.'),
  cacheWrite: z.number().describe('Tokens of input written to a cache.'),
  output: z.number().describe('Tokens of output, reasoning included.'),
  reasoning: z.number(),
  seconds: z.number().describe('Seconds of audio.'),
  images: z.number().describe('Images that were made.'),
  cost: z.string().describe('US dollars: what the calls cost whose usage and price are known.'),
  unpriced: z.int().describe('Calls with a known usage, but no known price. They are in no sum of money.'),
  estimated: z
    .int()
    .describe('Calls whose provider did not say what they used. The most that they can have used is counted.'),
  open: z.int().describe('Calls that are being made, or of which nobody knows whether they are charged.'),
  reserved: z.string().describe('US dollars: what these may cost.'),
};

export const usage = z
  .object({
    from: z.string(),
    to: z.string(),
    timeZone: z.string(),
    items: z.array(
      z.object({
        day: z.string().optional(),
        workflow: z.string().optional(),
        provider: z.string().optional(),
        model: z.string().optional(),
        connection: z.string().nullable().optional(),
        ...sums,
      }),
    ),
    total: z.object(sums),
    complete: z.boolean().describe('False: there are more groups. Ask for fewer days, or group by less.'),
  })
  .meta({ id: 'Usage' });

export const callsQuery = z.strictObject({
  run: runId().optional().describe('Only calls of this run.'),
  limit: pageLimit(500, { what: 'calls', usual: 100 }),
  cursor: pageCursor(),
});

export const calls = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        run: z.string(),
        workflow: z.string(),
        step: z.string(),
        attempt: z.int(),
        connection: z.string().nullable(),
        provider: z.string(),
        model: z.string(),
        day: z.string(),
        state: z
          .enum(['reserved', 'settled', 'released', 'unknown'])
          .describe('`reserved`: it is being made; `released`: it was not charged; `unknown`: nobody knows.'),
        usage: z.object({
          ...{ input: z.int(), cacheRead: z.int(), cacheWrite: z.int(), output: z.int(), reasoning: z.int() },
          ...{ seconds: z.number(), images: z.int() },
          estimated: z.boolean().describe('The provider did not say: this is the most that it can have been.'),
        }),
        estimate: z.string().nullable().describe('The most that it could cost; null if nobody knows the price.'),
        cost: z.string().nullable(),
        responseId: z.string().nullable().describe('The id that the provider gave it.'),
        madeAt: z.string(),
        settledAt: z.string().nullable(),
      }),
    ),
    next: nextPage(),
  })
  .meta({ id: 'ModelCalls' });
