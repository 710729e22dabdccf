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

export const rotateBody = z.strictObject({
  data: z.record(z.string(), json()).describe('Secret fields of its type, with their new values. Never shown again.'),
});

export const connection = z
  .object({
    name: z.string(),
    type: z.string(),
    hosts: z.array(z.string()),
    rateLimit: rateLimit().nullable(),
    updatedAt: z.string(),
    lastUsedAt: z.string().nullable().describe('When a step or a trigger last opened it, to the minute.'),
    state: z
      .enum(['ok', 'reconnect', 'refreshError'])
      .describe('`reconnect`: a person must connect it. `refreshError`: its service gave no new token.'),
    action: z.string().nullable().describe('Why it does not work, and who must do what.'),
    account: z.string().nullable().describe('As whom it acts, as far as a test has found out.'),
    scopes: z.array(z.string()).nullable().describe('What it may do, as far as its service has said.'),
    expiresAt: z.string().nullable().describe('When its access token ends, which is renewed before.'),
    connectedAt: z.string().nullable().describe('When a person connected it.'),
    refreshError: z.string().nullable().describe('Why the last renewal failed.'),
  })
  .meta({ id: 'Connection' });

export const connectionList = z.object({ items: z.array(connection) });

const visitFields = {
  url: z.string().describe('To be opened in a browser, within ten minutes.'),
  expiresAt: z.string(),
  redirectUri: z.string().describe('What must be registered at the service as an address it may send people back to.'),
};

export const visit = z.object(visitFields);

export const reconnected = z.union([
  z.object({ connected: z.literal(true), connection }),
  z.object({ connected: z.literal(false), ...visitFields }),
]);

export const revoked = z.object({
  revoked: z.literal(true),
  atService: z.boolean().describe('Whether the service has ended the tokens as well.'),
  message: z.string().nullable().describe('What the service could not end.'),
});

export const tested = z.union([
  z.object({
    ok: z.literal(true),
    account: z.string().optional().describe('As whom it acts.'),
    scopes: z.array(z.string()).optional().describe('What it may do.'),
  }),
  z.object({ ok: z.literal(false), message: z.string().describe('What is wrong.') }),
]);

export const connectionUses = z.object({
  items: z.array(
    z.object({
      workflow: z.string(),
      version: z.int(),
      kind: z.enum(['node', 'trigger']),
      id: z.string(),
      uses: z.string(),
      path: z.string().describe('JSON Pointer into the graph.'),
    }),
  ),
  complete: z.boolean().describe('False: there are more places than are listed.'),
});
