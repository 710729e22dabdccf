import { z } from 'zod';
import { defineNode } from '../define.ts';
import { checkPrefix } from './path.ts';
import { filePolicy, pathErrors } from './policy.ts';

/** Lists files of the workspace. */
export const list = defineNode({
  type: 'file.list',
  version: '1.0.0',
  title: 'List files',
  description: "Lists the files of the workspace's store whose path starts with a prefix, in order of their paths.",
  effect: 'read',
  ...filePolicy,
  input: z.strictObject({
    prefix: z.string().default('').describe('What the paths start with, such as `reports/`. Default: all files.'),
    limit: z.int().min(1).max(10_000).default(1000).describe('Largest number of files to list.'),
  }),
  output: z.object({
    files: z
      .array(
        z.object({
          path: z.string().describe('Path in the store.'),
          size: z.int().describe('Bytes.'),
          modifiedAt: z.string().describe('ISO time of the last write.'),
        }),
      )
      .describe('The files found.'),
    count: z.int().describe('How many files the list holds.'),
    more: z.boolean().describe('Whether there are more files than `limit`.'),
  }),
  examples: [{ title: 'The reports of May', with: { prefix: 'reports/2026-05', limit: 100 } }],
  errors: pathErrors,
  async run(ctx, { prefix, limit }) {
    const found = await ctx.files.list(checkPrefix(prefix), limit + 1);
    const files = found.slice(0, limit).map(({ path, size, modifiedAt }) => ({ path, size, modifiedAt }));
    return { files, count: files.length, more: found.length > limit };
  },
});
