import { z } from 'zod';
import { defineNode } from '../define.ts';
import { duration, json, toMs } from '../schema.ts';
import { kvPolicy } from './policy.ts';
import { key, scope, scopeDescription } from './schema.ts';

/** Stores state for later runs. */
export const set = defineNode({
  type: 'kv.set',
  version: '1.0.0',
  title: 'Set a value',
  description:
    'Keeps a JSON value under a key for later steps and runs, and returns what was there before. ' +
    'With ifVersion it writes only if nobody has written since that version was read.',
  effect: 'exactly-once',
  ...kvPolicy,
  retry: { ...kvPolicy.retry, giveUpOn: ['kv.conflict'] },
  input: z.strictObject({
    key: key().describe('Name of the entry.'),
    value: json().describe('The value, any JSON; null is a value too (use kv.delete to remove the key).'),
    scope: scope().describe(scopeDescription),
    ttl: duration('1s', '5200w').optional().describe('The entry expires after this long. Default: never.'),
    ifVersion: z
      .int()
      .min(1)
      .nullable()
      .optional()
      .describe('Write only if the key still has this version; null: only if the key is absent.'),
  }),
  output: z.object({
    value: json().describe('The value that is now stored.'),
    previous: json().describe('The value before, null if there was none.'),
    version: z.int().describe('Counts the writes of this key, from 1.'),
  }),
  examples: [
    { title: 'Remember the last price', with: { key: 'sol', value: 142.5 } },
    {
      title: 'Take a lock for ten minutes, if nobody holds it',
      with: { key: 'lock', value: 'run-7', ttl: '10m', ifVersion: null },
    },
  ],
  errors: {
    'kv.conflict': 'The version of the key is not `ifVersion`.',
  },
  notes:
    'A step writes exactly once, however often it is retried: a repeated attempt gets the answer of the first one.',
  run: (ctx, { key, value, scope, ttl, ifVersion }) =>
    ctx.kv.set(key, value, {
      scope,
      ...(ttl !== undefined && { ttlMs: toMs(ttl) }),
      ...(ifVersion !== undefined && { ifVersion }),
    }),
});
