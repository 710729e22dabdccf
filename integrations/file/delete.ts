import { z } from 'zod';
import { defineNode } from '../define.ts';
import { checkPath } from './path.ts';
import { filePolicy, pathErrors } from './policy.ts';

/** Deletes a file of the workspace. */
export const remove = defineNode({
  type: 'file.delete',
  version: '1.0.0',
  title: 'Delete a file',
  description: "Deletes a file from the workspace's store. Deleting a file that is not there is no error.",
  effect: 'idempotent',
  ...filePolicy,
  input: z.strictObject({ path: z.string().describe('Path in the store, such as `reports/2026/may.csv`.') }),
  output: z.object({
    path: z.string().describe('The path that was deleted.'),
    deleted: z.boolean().describe('Whether the file was there (false too when a retry finds it already gone).'),
  }),
  examples: [{ title: 'Remove what was imported', with: { path: 'incoming/customers.csv' } }],
  errors: pathErrors,
  run: async (ctx, { path }) => ({ path, ...(await ctx.files.delete(checkPath(path))) }),
});
