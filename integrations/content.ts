import { z } from 'zod';
import { blobReference } from './blob.ts';
import type { NodeContext } from './context.ts';

/** The three ways to give bytes to a node; exactly one is set (`exactlyOne` checks). */
export const contentFields = () => ({
  text: z.string().optional().describe('The content as text, stored as UTF-8.'),
  base64: z.base64().optional().describe('The content as base64.'),
  blob: blobReference().optional().describe('The content as a reference that another node returned.'),
});

/** For `.refine`: true if exactly one of the named fields is given. */
export const exactlyOne =
  (...names: string[]) =>
  (value: object): boolean =>
    names.filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1;

/** The bytes of a content that was given in one of the three ways. */
export async function bytesOf(
  ctx: Pick<NodeContext, 'blobs'>,
  content: { text?: string | undefined; base64?: string | undefined; blob?: { sha256: string } | undefined },
): Promise<Uint8Array> {
  if (content.blob !== undefined) return ctx.blobs.get(content.blob.sha256);
  if (content.base64 !== undefined) return Buffer.from(content.base64, 'base64');
  return Buffer.from(content.text ?? '', 'utf8');
}
