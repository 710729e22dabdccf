import { blobSize, getBlobPart } from '../../../db/index.ts';
import type { Context } from '../../context.ts';

/** Bytes that are read at a time. */
const PART = 4 * 1024 * 1024;

/** A stored file as a stream that reads on only while the caller takes what it gets; null if there is none. */
export async function fileStream(
  ctx: Context,
  sha256: string,
): Promise<{ size: number; body: ReadableStream<Uint8Array> } | null> {
  const size = await ctx.tenant((tx) => blobSize(tx, { sha256 }));
  if (size === null) return null;
  let from = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (from >= size) return controller.close();
      const part = await ctx.tenant((tx) => getBlobPart(tx, { sha256, from, length: PART }));
      if (part === null || part.byteLength === 0) return controller.error(new Error('The file is no longer there.'));
      from += part.byteLength;
      controller.enqueue(new Uint8Array(part));
    },
  });
  return { size, body };
}
