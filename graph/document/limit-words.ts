import { z } from 'zod';
import { MAX_BATCH_ITEMS, MAX_RUNS_OF_LIMIT } from '../limits.ts';
import { duration, json } from './fields.ts';

const key = (what: string) =>
  json(`${what} with the same key count together. Reads \`trigger\`, \`input\`, \`vars\`.`).optional();

const concurrency = z
  .strictObject({
    key: key('Runs'),
    limit: z.int().min(1).max(MAX_RUNS_OF_LIMIT).describe('Most runs at a time.'),
    onLimit: z
      .enum(['queue', 'drop', 'cancelOldest'])
      .describe('What happens to a run above the limit; `queue` if not given.')
      .optional(),
  })
  .describe('How many runs of the workflow may be running at a time.');

const rateLimit = z
  .strictObject({
    key: key('Runs'),
    limit: z
      .int()
      .min(1)
      .max(MAX_RUNS_OF_LIMIT)
      .describe('Most runs that begin within the duration, wherever it begins.'),
    per: duration('The time in which they are counted.'),
    onLimit: z
      .enum(['queue', 'drop'])
      .describe('What happens to a run above the limit; `queue` if not given.')
      .optional(),
  })
  .describe('How many runs of the workflow may begin within a time.');

const debounce = z
  .strictObject({
    key: key('Events'),
    quiet: duration('The last event makes the run, once no other has come for this long.'),
    atMost: duration('Longest wait after the first event; unlimited if not given.').optional(),
  })
  .describe('Several events in a row make one run: that of the last one.');

const batch = z
  .strictObject({
    key: key('Events'),
    size: z.int().min(1).max(MAX_BATCH_ITEMS).describe('So many events make a run.'),
    within: duration('Longest wait after the first event: then the run begins with those that have come.'),
  })
  .describe('Several events make one run with the input `{ items }`.');

/** What a graph says about how many of its runs there may be, and in which order they go. */
export const limitFields = {
  concurrency: concurrency.optional(),
  rateLimit: rateLimit.optional(),
  debounce: debounce.optional(),
  batch: batch.optional(),
  priority: json(
    '1 goes first, 5 last; 3 if not given. The order in which runs wait for a place. A number, or an expression that reads `trigger`, `input`, `vars`.',
  ).optional(),
};

/** The keys of these fields. */
export const LIMIT_KEYS: readonly string[] = [concurrency, rateLimit, debounce, batch].flatMap(({ shape }) =>
  Object.keys(shape),
);
