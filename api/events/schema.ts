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
});

export const delivered = z.object({
  id: z.string(),
  delivered: z.int().describe('Number of waiting runs the event was sent to.'),
});
