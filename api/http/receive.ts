import type { Hold } from '../bodies.ts';
import { createChunks } from './chunks.ts';
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
  /** Counts what is held of the body. */
  readonly hold: Hold;
  /** Is given a way to end the reception before its time. */
  readonly stoppable?: Stoppable;
}

export type Stoppable = (stop: (why: ApiProblem) => void) => void;

/**
 * Receives a body, counting while it comes.
 *
 * @throws ApiProblem `tooLarge`, `request.timeout`, `server.busy`; `body.invalid` if it breaks off
 */
export async function receive(request: Request, limits: Reception): Promise<Buffer> {
  const { discardBytes, withinMs, tooLarge } = limits;
  if (Number(request.headers.get('content-length') ?? 0) > discardBytes) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const reader = request.body.getReader();
  let stopped: ApiProblem | undefined;
  const stop = (why: ApiProblem): void => {
    stopped ??= why;
    // Ends the read that is under way, as the end of the body would.
    void reader.cancel().catch(() => undefined);
  };
  const late = () => stop(new ApiProblem('request.timeout', `The body did not arrive within ${withinMs / 1000} s.`));
  const timer = setTimeout(late, withinMs).unref();
  limits.stoppable?.(stop);
  limits.hold.receiving(() => stop(new ApiProblem('request.timeout', TOO_SLOW)));
  try {
    const body = await readAll(reader, limits);
    if (stopped) throw stopped;
    return body;
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (stopped) throw stopped;
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem('body.invalid', 'The body broke off before its end.', { cause: error });
  } finally {
    clearTimeout(timer);
    limits.hold.receiving(null);
  }
}

const TOO_SLOW = 'The body came too slowly while others waited for room on this server. Send the request again.';

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, limits: Reception): Promise<Buffer> {
  const { maxBytes, discardBytes, tooLarge, hold } = limits;
  let chunks = createChunks();
  for (let size = 0; ; ) {
    const next = await reader.read();
    if (next.done && size > maxBytes) throw tooLarge();
    if (next.done) return chunks.whole();
    size += next.value.byteLength;
    if (size > discardBytes) throw tooLarge();
    if (size > maxBytes) {
      chunks = createChunks();
      hold.giveAllBack();
    } else {
      await takeRoom(hold, next.value.byteLength);
      chunks.add(next.value);
    }
  }
}

/** Counts bytes that are to be held. @throws ApiProblem `server.busy` if there is no room for them in time */
export async function takeRoom(hold: Hold, bytes: number): Promise<void> {
  const granted = hold.take(bytes);
  if (granted === undefined || (await granted)) return;
  const words = 'This server is receiving as many bytes as it can hold. Send the request again in a few seconds.';
  throw new ApiProblem('server.busy', words, { retryAfterMs: BUSY_MS });
}

/** When to come again to a server without room: uploads take a while. */
const BUSY_MS = 5_000;
