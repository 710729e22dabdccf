import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { kvPolicy } from './policy.ts';
import { key, scope, scopeDescription } from './schema.ts';

/** Reads state that earlier runs stored. */
export const get = defineNode({
  type: 'kv.get',
  version: '1.0.0',
  title: 'Get a value',
  description: 'Reads a value that an earlier run, or an earlier step, kept with kv.set. An absent key gives null.',
  effect: 'read',
  ...kvPolicy,
  input: z.strictObject({
    key: key().describe('Name of the entry.'),
    scope: scope().describe(scopeDescription),
  }),
  output: z.object({
    value: json().describe('The value, or null if the key is absent or has expired.'),
    version: z
      .int()
      .nullable()
      .describe('Counts the writes of this key; null if absent. Give it to kv.set as `ifVersion`.'),
  }),
  examples: [
    { title: 'The price the last run saw', with: { key: 'sol' } },
    { title: 'A value all workflows share', with: { key: 'exchange-rate', scope: 'workspace' } },
  ],
  run: (ctx, { key, scope }) => ctx.kv.get(key, scope),
});
