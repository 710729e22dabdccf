import { pipeline, type Readable, type Transform } from 'node:stream';
import { compressionsOf, decompressor, MAX_COMPRESSIONS } from '../../compression.ts';
import type { NodeContext } from '../../context.ts';
import type { HttpResponse } from '../message.ts';
import { incomplete, networkError } from '../network-error.ts';
import { badBody, tooLarge } from './body-error.ts';
import { withOverhead } from './read-body.ts';

/**
 * A body as it arrives, decompressed, up to a number of bytes: counted as they arrive and again as they are decompressed.
 *
 * @throws NodeError `http.tooLarge`, `http.network`, `http.timeout`, `http.incomplete`, `http.body`
 */
export async function* streamBody(
  ctx: Pick<NodeContext, 'signal'>,
  response: HttpResponse,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const { request, headers, body } = response;
  const compressions = compressionsOf(headers['content-encoding']);
  if (compressions.length > MAX_COMPRESSIONS) throw badBody(response, `it is compressed ${compressions.length} times`);
  const limit = compressions.length > 0 ? withOverhead(maxBytes) : maxBytes;
  try {
    if (request.method !== 'HEAD' && Number(headers['content-length'] ?? 0) > limit) throw tooLarge(response, maxBytes);
    const arriving = counted(body, limit, () => tooLarge(response, maxBytes));
    const plain = compressions.length === 0 ? arriving : decompressed(arriving, compressions);
    yield* counted(plain, maxBytes, () => tooLarge(response, maxBytes));
  } catch (error) {
    ctx.signal.throwIfAborted();
    const { code = '' } = error as { code?: unknown };
    if (code === 'Z_BUF_ERROR') throw incomplete(request);
    if (/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_ZSTD|ZSTD_)/.test(String(code)))
      throw badBody(response, 'it is not compressed as it says');
    throw networkError(request, error);
  } finally {
    // Undici reports its own abort when a body is destroyed half-way, and nobody listens any more.
    body.on('error', () => {}).destroy();
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  most: number,
  excess: () => Error,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > most) throw excess();
    yield chunk;
  }
}

/** The bytes that were compressed so, the last compression first. */
const decompressed = (
  source: AsyncGenerator<Uint8Array>,
  compressions: readonly string[],
): AsyncGenerator<Uint8Array> => compressions.reduceRight(undone, source);

async function* undone(source: AsyncGenerator<Uint8Array>, compression: string): AsyncGenerator<Uint8Array> {
  // An empty body is an empty body, whatever its headers say.
  const first = await source.next();
  if (first.done) return;
  const whole = async function* () {
    yield first.value;
    yield* source;
  };
  yield* pipeline(
    [whole, decompressor(compression, first.value)] as unknown as [Readable, Transform],
    () => undefined,
  ) as unknown as AsyncIterable<Uint8Array>;
}
