import { z } from 'zod';
import { blobReference } from '../blob.ts';
import type { NodeContext } from '../context.ts';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { encoding } from '../schema.ts';
import { decodeText, encodingOfMark } from '../text-encoding.ts';
import { checkPath } from './path.ts';
import { filePolicy, pathErrors } from './policy.ts';

/** Reads a file of the workspace. */
export const read = defineNode({
  type: 'file.read',
  version: '1.0.0',
  title: 'Read a file',
  description: "Reads a file from the workspace's store as text, as base64, or as a reference that other nodes take.",
  effect: 'read',
  ...filePolicy,
  input: z.strictObject({
    path: z.string().describe('Path in the store, such as `reports/2026/may.csv`.'),
    as: z
      .enum(['text', 'base64', 'blob'])
      .default('text')
      .describe('`text`, `base64`, or `blob`: a reference, for large or binary files.'),
    encoding: encoding()
      .optional()
      .describe(
        'Encoding of the text, such as `windows-1252`. Default: the encoding that a byte order mark indicates, else UTF-8.',
      ),
  }),
  output: z.object({
    path: z.string().describe('The path that was read.'),
    text: z.string().optional().describe('The content, if read as text.'),
    base64: z.string().optional().describe('The content, if read as base64.'),
    blob: blobReference().optional().describe('Reference to the content, if read as blob.'),
    size: z.int().describe('Bytes.'),
    contentType: z.string().nullable().describe('Media type the file was written with, or null.'),
    modifiedAt: z.string().describe('ISO time of the last write.'),
  }),
  examples: [
    { title: 'A CSV file as text', with: { path: 'incoming/customers.csv' } },
    { title: 'A file from an old system', with: { path: 'incoming/old.csv', encoding: 'windows-1252' } },
    { title: 'An invoice to attach to a mail', with: { path: 'invoices/7.pdf', as: 'blob' } },
  ],
  errors: {
    ...pathErrors,
    'file.notFound': 'There is no such file.',
    'file.notText':
      'The text is not in that encoding: name another one in `encoding`, or read it as `base64` or `blob`.',
  },
  async run(ctx, { path, as, encoding: named }) {
    if (as === 'blob') return refer(ctx, checkPath(path));
    const file = await ctx.files.read(checkPath(path));
    if (file === null) throw notFound(path);
    const { bytes, contentType, modifiedAt } = file;
    const facts = { path, size: bytes.byteLength, contentType, modifiedAt };
    if (as === 'base64') return { ...facts, base64: Buffer.from(bytes).toString('base64') };
    return { ...facts, text: decode(path, bytes, named ?? encodingOfMark(bytes) ?? 'utf-8') };
  },
});

/** The content stays where it is, however large it is. */
async function refer(ctx: Pick<NodeContext, 'files'>, path: string) {
  const file = await ctx.files.refer(path);
  if (file === null) throw notFound(path);
  const { size, sha256, contentType, modifiedAt } = file;
  return { path, size, contentType, modifiedAt, blob: { sha256, size, ...(contentType && { contentType }) } };
}

const notFound = (path: string): NodeError =>
  new NodeError('file.notFound', `There is no file ${JSON.stringify(path)} in the store.`);

function decode(path: string, bytes: Uint8Array, encoding: string): string {
  const text = decodeText(bytes, encoding);
  if (text !== null) return text;
  throw new NodeError(
    'file.notText',
    `The file ${JSON.stringify(path)} is not ${encoding === 'utf-8' ? 'UTF-8' : encoding} text. ` +
      'Name its encoding in "encoding", such as windows-1252, or read it with "as: base64" or "as: blob".',
  );
}
