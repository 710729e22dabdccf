import { compressionsOf, decompress, MAX_COMPRESSIONS } from '../../compression.ts';
import type { NodeContext } from '../../context.ts';
import type { HttpResponse } from '../message.ts';
import { incomplete, networkError } from '../network-error.ts';
import { badBody, tooLarge } from './body-error.ts';

/** How much compression may add to bytes that cannot be compressed. */
export const withOverhead = (bytes: number): number => Math.ceil(bytes * 1.01) + 1024;

type Reader = Pick<NodeContext, 'signal' | 'hold'>;

/**
 * Reads a body up to a number of bytes, counted as they arrive and again as they are decompressed: neither a large
 * answer nor a small one that expands can fill the memory.
 *
 * @throws NodeError `http.tooLarge`, `http.network`, `http.timeout`, `http.incomplete`, `http.body`
 */
export async function readBody(ctx: Reader, response: HttpResponse, maxBytes: number): Promise<Buffer> {
  const compressions = compressionsOf(response.headers['content-encoding']);
  const limit = compressions.length > 0 ? withOverhead(maxBytes) : maxBytes;
  const bytes = await receive(ctx, response, limit, maxBytes);
  if (bytes.length === 0) return bytes;
  if (compressions.length > MAX_COMPRESSIONS) throw badBody(response, `it is compressed ${compressions.length} times`);
  const plain = await decompress(bytes, compressions, maxBytes);
  ctx.signal.throwIfAborted();
  if (plain === 'too large' || plain.length > maxBytes) throw tooLarge(response, maxBytes);
  if (plain === 'cut off') throw incomplete(response.request);
  if (typeof plain === 'string') throw badBody(response, `it is ${plain}`);
  return plain;
}

async function receive(ctx: Reader, response: HttpResponse, limit: number, maxBytes: number): Promise<Buffer> {
  const { request, headers, body } = response;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (request.method !== 'HEAD' && Number(headers['content-length'] ?? 0) > limit) throw tooLarge(response, maxBytes);
    for await (const chunk of body) {
      size += chunk.length;
      if (size > limit) throw tooLarge(response, maxBytes);
      await ctx.hold(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    // Undici reports its own abort when a body is destroyed half-way, and nobody listens any more.
    body.on('error', () => {}).destroy();
    ctx.signal.throwIfAborted();
    throw networkError(request, error);
  }
  return Buffer.concat(chunks);
}
