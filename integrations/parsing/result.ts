import { z } from 'zod';
import { blobReference } from '../blob.ts';
import type { NodeContext } from '../context.ts';
import { checkPath } from '../file/path.ts';

/** Where a node puts the document that it makes. */
export const resultFields = () => ({
  saveAs: z
    .string()
    .optional()
    .describe(
      'Path in the store to write the document to, such as `reports/may.pdf`. Without it, a reference is returned.',
    ),
});

/** What is known of a document that a node has made. */
export const resultOutput = () => ({
  path: z.string().optional().describe('The path that was written, if `saveAs` is given.'),
  blob: blobReference().optional().describe('Reference to the document, if `saveAs` is not given.'),
  size: z.int().describe('Bytes.'),
});

/** Keeps a document that was made: as a file of the workspace, written exactly once, or as a reference. */
export async function keepDocument(
  ctx: NodeContext,
  { bytes, saveAs, contentType }: { bytes: Uint8Array; saveAs: string | undefined; contentType: string },
): Promise<{ path?: string; blob?: { sha256: string; size: number; contentType: string }; size: number }> {
  if (saveAs !== undefined) {
    const { size } = await ctx.files.write(checkPath(saveAs), bytes, contentType);
    return { path: saveAs, size };
  }
  const { sha256, size } = await ctx.blobs.put(bytes);
  return { blob: { sha256, size, contentType }, size };
}

/** Refuses a bad path before any work is done for it. */
export function checkSaveAs(saveAs: string | undefined): void {
  if (saveAs !== undefined) checkPath(saveAs);
}
