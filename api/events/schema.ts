import { z } from 'zod';
import { message, name } from '../http/fields.ts';

/** Most events of one request. */
export const MAX_BATCH = 100;

/** What an event brings besides: names and values as CloudEvents allow them. */
export const attributeValues = z
  .record(
    z.string().regex(/^[a-z0-9]{1,50}$/, 'must be named with a-z and 0-9, at most 50'),
    z.union([name(1024), z.boolean(), z.int()], 'must be a text, a whole number or a boolean'),
  )
  .refine((given) => Object.keys(given).length <= 50, 'must be at most 50');

export const eventBody = z.strictObject({
  name: name(255),
  key: z
    .string()
    .max(1024)
    .optional()
    .describe('Reaches waits with this key and waits without a key; absent: all waits.'),
  data: message().optional(),
  id: name(255)
    .optional()
    .describe('An event sent again with the same id is the same event. Default: the Idempotency-Key, else a new id.'),
  source: name(1024).optional().describe('Where the event comes from: `trigger.source` of the runs it starts.'),
  attributes: attributeValues
    .optional()
    .describe(
      'More facts about the event: `trigger.attributes`. Names of a-z and 0-9; texts, whole numbers, booleans.',
    ),
});

/** Several events, of which all are kept, or none. */
export const batchBody = z.strictObject({ events: z.array(eventBody).max(MAX_BATCH) });

/** What became of a trigger. */
const fired = z.object({
  workflow: z.string(),
  trigger: z.string(),
  outcome: z
    .enum(['started', 'held', 'declined', 'refused', 'waiting'])
    .describe(
      '`held`: its workflow’s `debounce` or `batch` holds it. `declined`: its `if` is false, or the run would have nothing to do. `waiting`: the run cannot be started now, and will be.',
    ),
  run: z.string().optional().describe('Id of the run that was started.'),
  reason: z.string().optional().describe('Why no run was started.'),
});

export const delivered = z.object({
  id: z.string(),
  delivered: z.int().describe('Number of waiting runs the event was sent to.'),
  triggers: z.array(fired).describe('The triggers that the event fired, also if it is sent again.'),
});

export const deliveredBatch = z.object({ events: z.array(delivered).describe('In the order of the events.') });
