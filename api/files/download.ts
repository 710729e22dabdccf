import { blobSize, fileFacts, openBlob } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { rangeOf } from './range.ts';

/** What is downloaded, and which part of it. */
interface Download {
  readonly sha256: string;
  readonly name: string;
  readonly range?: string | undefined;
  readonly 'if-range'?: string | undefined;
}

/** A file of the workspace, or a part of it, as a stream. @throws ApiProblem `file.notFound` */
export async function downloadFile(
  ctx: Context,
  input: { path: string } & Omit<Download, 'sha256' | 'name'>,
): Promise<Reply> {
  const file = await ctx.tenant((tx) => fileFacts(tx, { path: input.path }));
  if (!file) throw new ApiProblem('file.notFound', `There is no file ${JSON.stringify(input.path)} in the store.`);
  return download(ctx, { ...input, sha256: file.sha256, name: input.path.split('/').at(-1)! });
}

/** Data that are kept by reference, or a part of them. @throws ApiProblem `file.notFound` */
export const downloadBlob = (ctx: Context, input: Omit<Download, 'name'>): Promise<Reply> =>
  download(ctx, { ...input, name: input.sha256 });

async function download(ctx: Context, input: Download): Promise<Reply> {
  const { sha256, name } = input;
  const size = await ctx.tenant((tx) => blobSize(tx, { sha256 }));
  if (size === null)
    throw new ApiProblem('file.notFound', `There are no data ${sha256.slice(0, 12)}… in the workspace.`);
  const etag = `"${sha256}"`;
  const isStale = input['if-range'] !== undefined && input['if-range'] !== etag;
  const range = isStale ? null : rangeOf(input.range, size);
  const headers = {
    // What is stored may come from strangers: a browser saves it, and shows it in no other way.
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name.toWellFormed()).replaceAll("'", '%27')}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    etag,
  };
  if (range === 'unsatisfiable')
    return { status: 416, text: '', type: 'text/plain', headers: { ...headers, 'content-range': `bytes */${size}` } };
  const { first, last } = range ?? { first: 0, last: size - 1 };
  const length = last - first + 1;
  const opened = await openBlob(ctx.tenant, { sha256, from: first, length });
  return {
    status: range === null ? 200 : 206,
    stream: ReadableStream.from(opened?.bytes ?? []) as ReadableStream<Uint8Array>,
    type: 'application/octet-stream',
    headers: {
      ...headers,
      'content-length': String(length),
      ...(range && { 'content-range': `bytes ${first}-${last}/${size}` }),
    },
  };
}
