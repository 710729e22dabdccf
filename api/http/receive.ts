import { ApiProblem } from './problem.ts';

/** How a body may come. */
export interface Reception {
  /** Largest body, in bytes. */
  readonly maxBytes: number;
  /**
   * A body that is too large is read and discarded up to this size, because a caller that is cut off while it sends may
   * not get to read why.
   */
  readonly discardBytes: number;
  /** How long the whole body may take. */
  readonly withinMs: number;
  readonly tooLarge: () => ApiProblem;
}

/**
 * Receives a body, counting while it comes.
 *
 * @throws ApiProblem `tooLarge`, `request.timeout`; `body.invalid` if it breaks off
 */
export async function receive(request: Request, limits: Reception): Promise<Buffer> {
  const { discardBytes, withinMs, tooLarge } = limits;
  if (Number(request.headers.get('content-length') ?? 0) > discardBytes) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  const { promise: late, resolve: giveUp } = Promise.withResolvers<'late'>();
  const timer = setTimeout(giveUp, withinMs, 'late').unref();
  try {
    return await readAll(reader, late, limits);
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem('body.invalid', 'The body broke off before its end.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  late: Promise<'late'>,
  { maxBytes, discardBytes, withinMs, tooLarge }: Reception,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const next = await Promise.race([reader.read(), late]);
    if (next === 'late')
      throw new ApiProblem('request.timeout', `The body did not arrive within ${withinMs / 1000} s.`);
    if (next.done && size > maxBytes) throw tooLarge();
    if (next.done) return Buffer.concat(chunks);
    size += next.value.byteLength;
    if (size > discardBytes) throw tooLarge();
    if (size <= maxBytes) chunks.push(next.value);
    else chunks.length = 0;
  }
}
