import { z } from 'zod';
import { MOST_CAPTURED } from '../../db/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import { id, json, slug } from '../http/fields.ts';

export const triggerParams = z.strictObject({ name: slug(), id: id() });

export const callParams = z.strictObject({
  name: slug(),
  id: id(),
  seq: z
    .string()
    .regex(/^\d{1,2}$/, 'must be the number of a held call')
    .transform(Number),
});

export const captureQuery = z.strictObject({
  next: z
    .string()
    .regex(/^\d{1,2}$/, `must be a number from 1 to ${MOST_CAPTURED}`)
    .default('1')
    .transform(Number)
    .refine((n) => n >= 1 && n <= MOST_CAPTURED, `must be a number from 1 to ${MOST_CAPTURED}`)
    .describe(`How many calls to hold, 1 to ${MOST_CAPTURED}. Default: 1.`),
  instead: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('`true`: a held call starts no run. Default: it starts one, as ever.'),
});

const call = z.object({
  seq: z.int().describe(`Above ${MOST_CAPTURED} if the call was refused.`),
  at: z.string(),
  verified: z.boolean().describe('The sender was verified. A call that was not starts nothing.'),
  problem: z.string().nullable().describe('Why the call was refused.'),
  method: z.string(),
  path: z.string(),
  params: json(),
  query: json<JsonObject>(),
  headers: json<JsonObject>().describe('Names in lower case. Credentials and signatures are `[redacted]`.'),
  body: json().describe('As `trigger.body` shows it.'),
  leftOutBytes: z.int().nullable().describe('Size of a body that is too large to be held; null: the body is held.'),
});

export const capture = z
  .object({
    open: z.boolean().describe('More calls are held.'),
    next: z.int().describe('How many calls are held at most. Besides, as many are held that are refused.'),
    instead: z.boolean().nullable().describe('Held calls start no run; null: no more calls are held.'),
    expiresAt: z.string().describe('When it ends by itself. What it holds is shown for another hour.'),
    address: z
      .string()
      .nullable()
      .describe('Address of the webhook. It is a secret: null also for who may not write workflows.'),
    calls: z.array(call),
  })
  .meta({ id: 'Capture' });

export const useQuery = z.strictObject({
  as: z
    .enum(['input', 'pin'])
    .default('input')
    .describe('`input`: the input of a run, and the data to fire the trigger with. `pin`: what `trigger` holds.'),
});

export const used = z.object({ trigger: z.string(), as: z.enum(['input', 'pin']), value: json() });
