import { setTimeout } from 'node:timers/promises';
import { compressionsOf, decompress } from '../../../integrations/compression.ts';
import { ApiProblem } from '../../http/problem.ts';

/** How long a whole body may take to arrive. */
const BODY_MS = 30_000;
/**
 * A body that is too large is read and discarded up to this size, because a caller that is cut off while it sends may
 * not get to read why.
 */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;
/** More compressions than this are an attack or a mistake. */
const MAX_COMPRESSIONS = 2;

/**
 * Reads a body, counting while it streams, and takes its compression off, counting again.
 *
 * @throws ApiProblem `body.tooLarge`, `body.type` (an unknown compression), `body.invalid`, `request.timeout`
 */
export async function readBody(
  request: Request,
  maxBytes: number,
  bodyMs = BODY_MS,
): Promise<{ raw: Buffer; body: Buffer }> {
  const encoding = request.headers.get('content-encoding') ?? '';
  const names = compressionsOf(encoding);
  if (names.length < namesIn(encoding)) {
    const given = encoding.replace(/[^\x20-\x7e]/g, '?').slice(0, 60);
    throw new ApiProblem(
      'body.type',
      `The compression "${given}" is not known. Send gzip, deflate, br or zstd, or none.`,
    );
  }
  if (names.length > MAX_COMPRESSIONS)
    throw new ApiProblem('body.invalid', `The body is compressed ${names.length} times.`);
  const raw = await receive(request, maxBytes, bodyMs);
  if (names.length === 0) return { raw, body: raw };
  const body = await decompress(raw, names, maxBytes);
  if (body === 'too large' || body.length > maxBytes) throw tooLarge(maxBytes);
  if (typeof body === 'string') throw new ApiProblem('body.invalid', `The body is ${body}.`);
  return { raw, body };
}

const namesIn = (encoding: string): number =>
  encoding.split(',').filter((name) => !['', 'identity'].includes(name.trim().toLowerCase())).length;

const tooLarge = (maxBytes: number): ApiProblem =>
  new ApiProblem('body.tooLarge', `The body is larger than the ${maxBytes} bytes that this webhook takes.`);

async function receive(request: Request, maxBytes: number, bodyMs: number): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_DISCARDED_BYTES) throw tooLarge(maxBytes);
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const over = new AbortController();
  const timeout = setTimeout(bodyMs, 'late' as const, { signal: over.signal, ref: false }).catch(() => 'late' as const);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), timeout]);
      if (next === 'late')
        throw new ApiProblem('request.timeout', `The body did not arrive within ${bodyMs / 1000} s.`);
      if (next.done) break;
      size += next.value.byteLength;
      if (size > MAX_DISCARDED_BYTES) break;
      if (size <= maxBytes) chunks.push(next.value);
      else chunks.length = 0;
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem('body.invalid', 'The body broke off before its end.', { cause: error });
  } finally {
    over.abort();
  }
  if (size > maxBytes) throw tooLarge(maxBytes);
  return Buffer.concat(chunks);
}
