import { z } from 'zod';
import { defineTrigger } from '../define-trigger.ts';
import { changedFile } from './changed-file.ts';
import type { FilesCursor } from './changes.ts';
import { pathErrors } from './policy.ts';

const NOTES = `
A file that is written several times between two looks fires once, with its last content. \`item.file\` refers to the content as it was when the
file was found, even if the file is written again or deleted. Deleting a file fires nothing. Writing the same content again counts as a change.
`.trim();

/** Fires when a file of the workspace's store is written. */
export const onChanged = defineTrigger({
  type: 'file.changed',
  title: 'New or changed file in the store',
  description: "Fires when a file of the workspace's store is written, once for each change that a look finds.",
  with: z.strictObject({
    prefix: z.string().default('').describe('What the paths start with, such as `inbox/`. Default: all files.'),
  }),
  item: changedFile,
  every: '10s',
  examples: [{ title: 'Files that arrive', with: { prefix: 'inbox/' } }],
  errors: pathErrors,
  notes: NOTES,
  async poll(ctx, request) {
    const { changes } = await import('./changes.ts');
    return changes(ctx, { ...request, cursor: request.cursor as FilesCursor | null });
  },
});
