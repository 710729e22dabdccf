import { z } from 'zod';
import { OVERLAPS } from '../../graph/schedule/index.ts';
import { id, json, name, nextPage, pageCursor, pageLimit, slug } from '../http/fields.ts';

export const workflowParams = z.strictObject({ name: slug() });

export const triggerParams = z.strictObject({ name: slug(), id: id() });

const count = z.int();

export const trigger = z
  .object({
    workflow: z.string(),
    id: z.string(),
    uses: z.string(),
    version: z.int().describe('The version that declares it, and that it starts.'),
    enabled: z.boolean().describe('The switch of the trigger.'),
    workflowActive: z.boolean().describe('The switch of its workflow.'),
    state: z
      .enum(['pending', 'active', 'off', 'failed'])
      .describe('`pending`: it is being set up; `failed`: it could not be, and is tried again.'),
    reason: z.string().nullable().describe('Why it has failed.'),
    note: z.string().nullable().describe('Why somebody switched it off.'),
    lastFiredAt: z.string().nullable().describe('When it last started a run.'),
    lastError: z
      .object({ message: z.string(), at: z.string().nullable() })
      .nullable()
      .describe('Why something that reached it last started no run.'),
    nextTimes: z.array(z.string()).describe('When a schedule fires next, without its jitter.'),
    address: z
      .string()
      .nullable()
      .describe('Address of a webhook or form. It is a secret: null also for who may not write workflows.'),
    deadLetters: z
      .int()
      .describe('How much a watch has found and nobody can read: at most the newest 1,000 are listed.'),
    last24Hours: z
      .object({
        seen: count,
        started: count,
        held: count,
        declined: count,
        refused: count,
        duplicate: count,
        dropped: count,
      })
      .describe('What became of what reached it.'),
  })
  .meta({ id: 'Trigger' });

export const triggerList = z.object({ items: z.array(trigger) });

export const deadLettersQuery = z.strictObject({
  limit: pageLimit(1_000, { what: 'letters', usual: 100 }),
  cursor: pageCursor(),
});

export const deadLetterList = z.object({
  items: z
    .array(
      z.object({
        key: z.string().describe('What the source calls it, such as the signature of a transaction.'),
        where: z.string().describe('Where it is.'),
        reason: z.string().describe('Why nobody can read it.'),
        at: z.string().describe('When it was found.'),
      }),
    )
    .describe('The newest first.'),
  next: nextPage(),
});

export const forgotten = z.object({ forgotten: z.int().describe('How many letters there were.') });

export const switchBody = z.strictObject({ active: z.boolean() });

export const switchTriggerBody = z.strictObject({
  active: z.boolean(),
  note: name(500).optional().describe('Why it is switched off.'),
});

export const switchedWorkflow = z.object({ name: z.string(), active: z.boolean(), triggers: z.array(trigger) });

export const fireBody = z.strictObject({
  data: json()
    .optional()
    .describe('What its source would have sent: the body, the data of the event, the item, the values.'),
});

export const fired = z.object({
  outcome: z
    .enum(['started', 'held', 'duplicate'])
    .describe('`held`: the workflow’s `debounce` or `batch` holds it, and a later run begins for it.'),
  run: z.object({ id: z.string(), url: z.string() }).nullable(),
  held: z
    .object({ group: z.string(), dueAt: z.string().nullable().describe('When the run begins, as far as is known.') })
    .optional(),
});

const time = () => z.iso.datetime({ offset: true }).describe('A time with its offset.');

export const backfillBody = z.strictObject({
  from: time(),
  to: time(),
  overlap: z
    .enum(OVERLAPS)
    .optional()
    .describe('What happens if the run before is still running; one after the other if not given.'),
});

export const backfilled = z.object({
  count: z.int().describe('How many times lie in that time.'),
  first: z.string().nullable(),
  last: z.string().nullable(),
});
