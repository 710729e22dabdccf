import { z } from 'zod';
import { json, name, nextPage, pageCursor, pageLimit, time } from '../http/fields.ts';
import { step, stepStatus } from '../runs/schema.ts';

const counts = z.record(z.string(), z.int()).describe('How many steps, by status.');

export const runGraph = z
  .object({
    workflow: z.string(),
    version: z.int().nullable(),
    graph: json().describe('The graph as it was published, or as it came with the request. Null if it was not kept.'),
    places: z.array(
      z.object({
        place: z.string().describe('`each.charge`: the path of its steps without the numbers of items.'),
        node: z.string(),
        type: z.string(),
        counts,
        ports: z.record(z.string(), z.int()).describe('How many steps left by each port.'),
        attempts: z.int(),
        startedAt: time().nullable(),
        endedAt: time().nullable(),
      }),
    ),
  })
  .meta({ id: 'RunGraph' });

export const listedStep = z
  .object({
    path: z.string().describe('`each[3].charge`'),
    node: z.string(),
    type: z.string(),
    label: z.string().nullable(),
    status: stepStatus,
    port: z.string().nullable(),
    attempts: z.int(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    startedAt: time().nullable(),
    endedAt: time().nullable(),
  })
  .meta({ id: 'ListedStep' });

export const item = z
  .object({
    index: z.int(),
    path: z.string().describe('`each[3]`'),
    counts,
    startedAt: time().nullable(),
    endedAt: time().nullable(),
  })
  .meta({ id: 'LoopItem' });

export const stepPage = z.object({ items: z.array(listedStep), next: nextPage() });
export const itemPage = z.object({ items: z.array(item), next: nextPage() });

/** A step being done, as Temporal sees it. */
const pending = z
  .object({
    state: z.enum(['scheduled', 'started', 'paused', 'stopping']),
    attempt: z.int(),
    maxAttempts: z.int().nullable(),
    lastError: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
    scheduledAt: time().nullable(),
    startedAt: time().nullable(),
    nextAttemptAt: time().nullable(),
    heartbeatAt: time().nullable(),
    heartbeat: json().describe('What the step has said with its last heartbeat.'),
    worker: z.string().nullable().describe('The worker that had it last.'),
  })
  .meta({ id: 'PendingStep' });

export const wholeStep = step
  .extend({
    idempotencyKey: z.string().describe('The key under which its effect is done: the same on every attempt.'),
    called: z.object({ id: z.string(), url: z.string() }).nullable().describe('The run that the step calls.'),
    pending: pending.nullable().describe('Set while it is being done, or waits for its next attempt.'),
  })
  .meta({ id: 'WholeStep' });

export const logPage = z.object({
  items: z.array(
    z
      .object({
        at: z.string(),
        step: z.string(),
        attempt: z.int(),
        seq: z.int().describe('Its place among the lines of the attempt.'),
        level: z.enum(['info', 'warn']),
        message: z.string(),
        data: json(),
      })
      .meta({ id: 'LogLine' }),
  ),
  next: nextPage(),
});

export const value = json();
export const part = z
  .object({
    type: z.enum(['list', 'map', 'text', 'other']),
    length: z.int().describe('How many entries or characters there are in all.'),
    offset: z.int(),
    next: z.int().nullable().describe('The offset of the next part, null at the end.'),
    value: json(),
  })
  .meta({ id: 'ValuePart' });

export type WireRunGraph = z.input<typeof runGraph>;
export type WirePlace = WireRunGraph['places'][number];
export type WireListedStep = z.input<typeof listedStep>;
export type WireItem = z.input<typeof item>;
export type WireStep = z.input<typeof wholeStep>;
export type WireValue = z.input<typeof part>;

export const stepsQuery = z.strictObject({
  under: name(1000).optional().describe('Path of a container, or of an item of a loop: the steps below it.'),
  status: stepStatus.optional(),
  limit: pageLimit(1_000, { what: 'steps', usual: 100 }),
  cursor: pageCursor(4_000),
});

export const itemsQuery = z.strictObject({
  limit: pageLimit(1_000, { what: 'items', usual: 100 }),
  cursor: pageCursor(4_000),
});

export const logQuery = z.strictObject({
  step: name(1000).optional().describe('Path of a step: only its lines.'),
  limit: pageLimit(1_000, { what: 'lines', usual: 200 }),
  cursor: pageCursor(4_000),
});

/** Largest offset: beyond the length of any value. */
const OFFSET = /^\d{1,9}$/;

export const partQuery = z.strictObject({
  of: z.enum(['input', 'output']).default('output'),
  pointer: z
    .string()
    .max(2_000)
    .regex(/^(\/([^~]|~[01])*)?$/u, 'must be a JSON Pointer, such as /rows/0')
    .optional()
    .describe('JSON Pointer: which part of the value.'),
  offset: z.string().regex(OFFSET, 'must be a whole number').transform(Number).optional(),
  limit: pageLimit(1_000_000, { what: 'characters of a text, or entries (of which 1,000 come at most)', usual: 100 }),
});
