import { z } from 'zod';
import { message, name } from '../http/fields.ts';

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
});

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
