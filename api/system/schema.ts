import { z } from 'zod';
import { time } from '../http/fields.ts';

const state = z.enum(['ok', 'down']);
const ms = z.number().nullable().describe('How long the answer took, in milliseconds.');
const waiting = z.object({
  count: z.int().describe('At most 10,000 are counted.'),
  oldestMs: z.number().nullable().describe('How long the first one has been due; null: nothing waits.'),
});

const queue = z.object({
  name: z.string(),
  of: z.enum(['runs', 'steps']).describe('What its tasks do: move runs on, or do their steps.'),
  waiting: z.int(),
  oldestMs: z.number(),
  addedPerSecond: z.number(),
  takenPerSecond: z.number(),
  workers: z.array(z.object({ identity: z.string(), lastSeenAt: time().nullable() })),
});

const bytes = z.object({ totalBytes: z.number(), freeBytes: z.number() });

export const system = z
  .object({
    temporal: z.object({ state, version: z.string().nullable(), ms }),
    postgres: z.object({ state, version: z.string().nullable(), sizeBytes: z.number().nullable(), ms }),
    redis: z.object({ state: z.enum(['ok', 'down', 'none']) }),
    queues: z.array(queue).nullable().describe('Null: Temporal does not answer.'),
    work: z
      .object({
        openRuns: z.int(),
        oldestOpenAt: time().nullable(),
        firings: waiting.describe('Runs of events and failures that are to be started.'),
        held: waiting.describe('Held events whose run is to be started.'),
        triggers: waiting.describe('Triggers that are to be set up.'),
        statistics: waiting.describe('Changes that statistics have yet to count.'),
      })
      .nullable()
      .describe('What waits in the database. Null: Postgres does not answer.'),
    rounds: z
      .array(z.object({ name: z.string(), at: time(), ms: z.number(), ok: z.boolean() }))
      .describe('What each background task of this process did last.'),
    live: z.object({ followers: z.int() }).describe('Connections that follow changes at this process.'),
    process: z.object({
      node: z.string(),
      uptimeSeconds: z.number(),
      cpuSeconds: z.number(),
      memory: z.object({ rssBytes: z.number(), heapUsedBytes: z.number() }),
    }),
    machine: z.object({
      cores: z.int(),
      load: z.number().describe('Processes that wanted to run in the last minute, on average.'),
      memory: bytes,
      disk: bytes.nullable().describe('Where the data of the installation lie; null: this process keeps none.'),
    }),
  })
  .meta({ id: 'System' });

export type WireSystem = z.input<typeof system>;
