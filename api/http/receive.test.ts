import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBodies } from '../bodies.ts';
import { ApiProblem } from './problem.ts';
import { type Reception, receive } from './receive.ts';

const post = (body: ReadableStream<Uint8Array>): Request =>
  new Request('http://x/', { method: 'POST', body, duplex: 'half' } as RequestInit);
/** A body of so many chunks of this size; without an end if there is none. */
function chunks(count: number, bytes: number, { ends = true } = {}): ReadableStream<Uint8Array> {
  let sent = 0;
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (sent < count) controller.enqueue(new Uint8Array(bytes).fill(sent++ % 251));
    else if (ends) controller.close();
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}
const limits = (given: Partial<Reception> = {}): Reception => ({
  ...{ maxBytes: 10_000_000, discardBytes: 20_000_000, withinMs: 30_000 },
  tooLarge: () => new ApiProblem('body.tooLarge', 'too large'),
  hold: createBodies().open(),
  ...given,
});

describe('a body', () => {
  it.each([
    [0, 1],
    [1, 5],
    [2, 1],
    [16_385, 1],
    [3, 16_384],
    [7, 10_001],
    [2, 1_000_000],
  ])('of %i chunks of %i bytes is whole', async (count, bytes) => {
    const body = await receive(post(chunks(count, bytes)), limits());
    const sent = Buffer.concat(Array.from({ length: count }, (_, at) => Buffer.alloc(bytes, at % 251)));
    expect(body.equals(sent)).toBe(true);
  });

  it('takes as much memory as it has bytes, however small its chunks are', async () => {
    const count = 50_000;
    let most = 0;
    const before = memory();
    const watched = chunks(count, 1).pipeThrough(
      new TransformStream({
        flush: () => {
          most = memory() - before;
        },
      }),
    );
    expect((await receive(post(watched), limits())).length).toBe(count);
    // Kept one by one, they take some hundred bytes each.
    expect(most).toBeLessThan(30 * count);
  });

  it('is refused if it is too large, and what came of it is let go of', async () => {
    const hold = createBodies().open();
    const giveAllBack = vi.spyOn(hold, 'giveAllBack');
    const large = receive(post(chunks(3, 5_000_000)), limits({ hold }));
    await expect(large).rejects.toMatchObject({ code: 'body.tooLarge' });
    expect(giveAllBack).toHaveBeenCalled();
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory that is in use. */
function memory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('a body that does not come', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is given up in time', async () => {
    const late = receive(post(chunks(3, 10, { ends: false })), limits({ withinMs: 1_000 }));
    const refused = expect(late).rejects.toMatchObject({ code: 'request.timeout' });
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
  });

  it('is given up if somebody says so, with the reason', async () => {
    let stop: ((why: ApiProblem) => void) | undefined;
    const stoppable = (given: typeof stop) => {
      stop = given;
    };
    const stopped = receive(post(chunks(3, 10, { ends: false })), limits({ stoppable }));
    const refused = expect(stopped).rejects.toMatchObject({ code: 'hook.busy' });
    await vi.advanceTimersByTimeAsync(0);
    stop!(new ApiProblem('hook.busy', 'others wait'));
    await refused;
  });

  it('is refused with a time if there is no room for it', async () => {
    const bodies = createBodies({ all: 1_000, free: 0, waitMs: 5_000 });
    bodies.open().take(1_000);
    const busy = receive(post(chunks(2, 10)), limits({ hold: bodies.open() }));
    const refused = expect(busy).rejects.toMatchObject({ code: 'server.busy', retryAfterMs: 5_000 });
    await vi.advanceTimersByTimeAsync(5_000);
    await refused;
  });
});
