import { z } from 'zod';
import { bytesOf, contentFields, exactlyOne } from '../content.ts';
import { defineNode } from '../define.ts';
import { checkPath } from './path.ts';
import { filePolicy, pathErrors } from './policy.ts';

/** Writes a file of the workspace. */
export const write = defineNode({
  type: 'file.write',
  version: '1.0.0',
  title: 'Write a file',
  description: "Writes a file into the workspace's store, replacing what was there. Give text, base64 or a reference.",
  effect: 'exactly-once',
  ...filePolicy,
  input: z
    .strictObject({
      path: z.string().describe('Path in the store, such as `reports/2026/may.csv`.'),
      ...contentFields(),
      contentType: z.string().max(200).optional().describe('Media type to store with the file, such as `text/csv`.'),
    })
    .refine(exactlyOne('text', 'base64', 'blob'), 'give exactly one of text, base64 and blob'),
  output: z.object({
    path: z.string().describe('The path that was written.'),
    size: z.int().describe('Bytes.'),
    sha256: z.string().describe('SHA-256 of the content, hexadecimal.'),
  }),
  examples: [
    { title: 'A report', with: { path: 'reports/today.csv', text: 'id,name\n1,Ann\n', contentType: 'text/csv' } },
    { title: 'A small binary file', with: { path: 'pixel.gif', base64: 'R0lGODlhAQABAAAAACw=' } },
  ],
  errors: pathErrors,
  notes: 'A step writes exactly once: a repeated attempt does not undo what another step wrote in between.',
  async run(ctx, { path, contentType, ...content }) {
    const checked = checkPath(path);
    const { blob } = content;
    if (blob) return { path, ...(await ctx.files.writeStored(checked, blob.sha256, contentType ?? null)) };
    return { path, ...(await ctx.files.write(checked, await bytesOf(ctx, content), contentType ?? null)) };
  },
});
