import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { kvPolicy } from './policy.ts';
import { key, scope, scopeDescription } from './schema.ts';

/** Deletes state. */
export const remove = defineNode({
  type: 'kv.delete',
  version: '1.0.0',
  title: 'Delete a value',
  description: 'Removes a key and returns the value it had. Removing an absent key is no error.',
  effect: 'exactly-once',
  ...kvPolicy,
  input: z.strictObject({
    key: key().describe('Name of the entry.'),
    scope: scope().describe(scopeDescription),
  }),
  output: z.object({
    previous: json().describe('The value the key had, null if there was none.'),
    deleted: z.boolean().describe('Whether the key was there.'),
  }),
  examples: [{ title: 'Forget the last price', with: { key: 'sol' } }],
  run: (ctx, { key, scope }) => ctx.kv.delete(key, scope),
});
