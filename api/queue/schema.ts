import { z } from 'zod';
import { json, nextPage, pageCursor, pageLimit, slug } from '../http/fields.ts';

export const workflowParams = z.strictObject({ name: slug() });

export const groupParams = z.strictObject({
  name: slug(),
  group: z.uuid('must be the id of a group, as the queue lists it'),
});

export const queueQuery = z.strictObject({
  limit: pageLimit(1000, { what: 'runs, and most groups of events', usual: 100 }),
  cursor: pageCursor(1000),
});

const key = z.string().describe('Whatever has another key waits by itself. At most its first 200 characters.');
const run = z.object({ id: z.string(), url: z.string() });

const common = {
  group: z.string(),
  word: z.enum(['debounce', 'batch']).describe('What holds it.'),
  trigger: z.string(),
  version: z.int().describe('The version of its run.'),
  key,
  count: z.int().describe('How many events there are.'),
  openedAt: z.string(),
};

export const queue = z
  .object({
    waiting: z
      .array(
        z.object({
          run,
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
          ...common,
          dueAt: z.string().describe('When its run begins, unless something changes.'),
          reason: z.string().nullable().describe('Why its run did not begin, if that was tried.'),
        }),
      )
      .describe('Events that are held: one run begins for each group.'),
    refused: z
      .array(
        z.object({
          ...common,
          refusedAt: z.string(),
          reason: z.string().nullable().describe('What was wrong with them.'),
        }),
      )
      .describe('Events whose run was refused, of the last thirty days. They are kept, and can be read and discarded.'),
    counts: z.object({ waiting: z.int(), held: z.int(), refused: z.int() }).describe('How many there are in all.'),
    next: nextPage(),
  })
  .meta({ id: 'Queue' });

export const group = z
  .object({
    ...common,
    key: z.string(),
    dueAt: z.string().nullable().describe('When its run begins, or is tried again; null if that is settled.'),
    outcome: z
      .enum(['started', 'declined', 'refused', 'discarded'])
      .nullable()
      .describe('What came of it; null if its run is still to begin.'),
    run: run.nullable(),
    reason: z.string().nullable(),
    newest: json().describe('`trigger` of its run: that of the last event. Null if it is not kept any more.'),
    events: z
      .array(
        z.object({
          key: z.string().nullable().describe('The same event has the same key.'),
          at: z.string(),
          input: json().describe('What a run of its own would have had.'),
        }),
      )
      .describe('What is kept of the events, in the order in which they came; of a `debounce`, the last.'),
  })
  .meta({ id: 'HeldGroup' });

export const discarded = z.object({ discarded: z.int().describe('How many events.') });
