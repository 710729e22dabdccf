import { z } from 'zod';
import { defineConnection } from '../define-connection.ts';

const secret = () =>
  z
    .string()
    .min(1)
    .max(1000)
    .regex(/^[^\p{Cc}]*$/u, 'must hold no control characters');

/** The secret that a sender of webhooks shares with Blok. It is never sent anywhere. */
export const webhookSecret = defineConnection({
  type: 'webhook-secret',
  title: 'Webhook secret',
  description: 'The secret with which the sender of a webhook signs, or which it sends along. Blok sends it nowhere.',
  fields: z.strictObject({
    secret: secret().describe(
      'The secret as the sender shows it, such as `whsec_…`. For `verify: basic`: user and password, as `user:password`.',
    ),
    previous: secret()
      .optional()
      .describe('The secret before it: both are taken while you rotate. Remove it when the sender uses the new one.'),
  }),
  secretFields: ['secret', 'previous'],
  allowedHosts: () => [],
});
