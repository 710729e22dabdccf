import { z } from 'zod';
import { rateLimit } from '../../integrations/rate-limit.ts';
import { json } from '../http/fields.ts';

export const connectionParams = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'must be letters, digits, "-" and "_", at most 63'),
});

export const connectionBody = z.strictObject({
  type: z.string().min(1).max(100),
  data: z.record(z.string(), json()).describe('The fields of its type. Never shown again.'),
  hosts: z
    .array(
      z
        .string()
        .min(1)
        .max(253)
        .regex(/^[a-z0-9.*:[\]-]+$/i, 'must be a host name'),
    )
    .max(50)
    .optional()
    .describe('Hosts the connection may be sent to; default: the hosts its type implies.'),
  rateLimit: rateLimit()
    .optional()
    .describe(
      'How many calls may be made with it, by all workers together. Default: what its type states, if anything.',
    ),
});

export const connection = z
  .object({
    name: z.string(),
    type: z.string(),
    hosts: z.array(z.string()),
    rateLimit: rateLimit().nullable(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Connection' });

export const connectionList = z.object({ items: z.array(connection) });
