import { z } from 'zod';
import { blobReference } from '../blob.ts';
import { bytesOf, exactlyOne } from '../content.ts';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { checkPath } from '../file/path.ts';

/** Largest document that is read, in bytes. */
export const MAX_SOURCE_BYTES = 64 * 1024 * 1024;

/** The ways to name a document; exactly one is set (`oneSource` checks). */
export const sourceFields = () => ({
  path: z.string().optional().describe('Path of the document in the store, such as `incoming/orders.xlsx`.'),
  base64: z.base64().optional().describe('The document as base64.'),
  blob: blobReference().optional().describe('The document as a reference that another node returned.'),
});

/** The same, and as text. */
export const textSourceFields = () => ({
  ...sourceFields(),
  text: z.string().optional().describe('The document as text.'),
});

/** For `.refine`: exactly one way to name the document. */
export const oneSource = exactlyOne('path', 'text', 'base64', 'blob');
/** What `oneSource` says. */
export const ONE_SOURCE = 'name exactly one document';

/** How a document was named. */
export interface Source {
  readonly path?: string | undefined;
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
  readonly blob?: { readonly sha256: string; readonly size?: number | undefined } | undefined;
}

/** Errors of every node that reads a document. */
export const sourceErrors = {
  'file.path': 'The path is absolute, leaves the store (`..`), or holds a backslash or control character.',
  'file.notFound': 'There is no such file.',
} as const;

/** The encoding of a document's bytes. What a document declares says nothing of a text that has been decoded. */
export const encodingOf = ({ text }: Source, named?: string): string | undefined =>
  text === undefined ? named : 'utf-8';

/**
 * The bytes of a document.
 *
 * @throws NodeError `file.notFound`, `file.path`, `document.tooLarge`
 */
export async function sourceBytes(ctx: NodeContext, source: Source): Promise<Uint8Array> {
  if (source.blob?.size !== undefined) requireSize(source.blob.size);
  const bytes = source.path === undefined ? await bytesOf(ctx, source) : await fileBytes(ctx, checkPath(source.path));
  requireSize(bytes.byteLength);
  return bytes;
}

async function fileBytes(ctx: NodeContext, path: string): Promise<Uint8Array> {
  // The size is asked first, because what is too large should not be read. The path itself is the first of its prefix.
  const [listed] = await ctx.files.list(path, 1);
  if (listed?.path === path) {
    requireSize(listed.size);
    await ctx.hold(listed.size);
  }
  const file = await ctx.files.read(path);
  if (file === null) throw new NodeError('file.notFound', `There is no file ${JSON.stringify(path)} in the store.`);
  return file.bytes;
}

function requireSize(size: number): void {
  if (size <= MAX_SOURCE_BYTES) return;
  throw new NodeError(
    'document.tooLarge',
    `The document has ${Math.ceil(size / 1_048_576)} MiB; at most ${MAX_SOURCE_BYTES / 1_048_576} MiB are read. Split it.`,
  );
}
