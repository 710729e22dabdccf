import { z } from 'zod';
import { blobReference } from '../blob.ts';

/** A file of the store that was written: the item of `file.changed`. */
export const changedFile = z.object({
  path: z.string().describe('Path in the store.'),
  size: z.int().describe('Bytes.'),
  contentType: z.string().nullable().describe('Media type, if known.'),
  modifiedAt: z.string().describe('ISO time of the write.'),
  file: blobReference().describe('The content.'),
});
