import { z } from 'zod';
import { message, name } from '../http/fields.ts';

export const eventBody = z.strictObject({
  name: name(255),
  key: z.string().max(1024).optional().describe('Reaches waits of this key and of none; absent: waits of any key.'),
  data: message().optional(),
  id: name(255)
    .optional()
    .describe('Makes a repeated event the same one. Default: the Idempotency-Key, else a new id.'),
});

export const delivered = z.object({
  id: z.string(),
  delivered: z.int().describe('Number of waiting runs it was sent to.'),
});
