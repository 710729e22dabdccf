import type { Client } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awaitEnd } from './await-end.ts';

/** An error as gRPC throws it. */
const grpcError = (code: number) => Object.assign(new Error(`status ${code}`), { code, details: '', metadata: {} });

/** A client whose server never tells of an end, but knows it when it is asked after `endsAfterMs`. */
function forgetful(endsAfterMs: number, end: () => object = () => ({ workflowExecutionCompletedEventAttributes: {} })) {
  const began = Date.now();
  const asked: number[] = [];
  let deadline = 0;
  const client = {
    options: { namespace: 'default' },
    withDeadline: (until: number, ask: () => unknown) => {
      deadline = until;
      return ask();
    },
    // As a native connection, it does not hear the signal.
    withAbortSignal: (_: AbortSignal, ask: () => unknown) => ask(),
    workflowService: {
      getWorkflowExecutionHistory: async () => {
        asked.push(Date.now() - began);
        if (Date.now() - began >= endsAfterMs) return { history: { events: [await end()] } };
        await new Promise((resolve) => setTimeout(resolve, deadline - 1_000 - Date.now()));
        return { history: { events: [] } };
      },
    },
  };
  return { client: client as unknown as Client, asked };
}

describe('waiting for the end of a workflow', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks again and again, less and less often', async () => {
    const { client, asked } = forgetful(50_000);
    const ended = awaitEnd(client, 'w');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await ended).toBe(true);
    expect(asked).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 51_500]);
  });

  it('ends in time', async () => {
    const { client, asked } = forgetful(50_000);
    const ended = awaitEnd(client, 'w', { withinMs: 2_000 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await ended).toBe(false);
    expect(asked).toEqual([0, 500, 1_500]);
  });

  it('ends with its signal', async () => {
    const { client, asked } = forgetful(50_000);
    const controller = new AbortController();
    const ended = awaitEnd(client, 'w', { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(700);
    controller.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await ended).toBe(false);
    expect(asked).toEqual([0, 500]);
  });

  it('goes on with the execution in which a workflow continues', async () => {
    let asks = 0;
    const { client, asked } = forgetful(0, () =>
      ++asks < 3
        ? { workflowExecutionContinuedAsNewEventAttributes: {} }
        : { workflowExecutionFailedEventAttributes: {} },
    );
    expect(await awaitEnd(client, 'w')).toBe(true);
    expect(asked).toEqual([0, 0, 0]);
  });

  it.each([
    ['asks again if an answer does not come in time', 4, 1_500, true, 2],
    ['asks again if a native connection gives up', 1, 1_500, true, 2],
    ['takes a workflow that nobody knows as ended', 5, 0, true, 1],
    ['throws if the server is away', 14, 0, 'status 14', 1],
    ['throws if the connection was closed', 1, 0, 'status 1', 1],
  ])('%s', async (_, code, afterMs, expected, asks) => {
    const { client, asked } = forgetful(0, async () => {
      if (asked.length > 1) return { workflowExecutionCompletedEventAttributes: {} };
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      throw grpcError(code);
    });
    const ended = awaitEnd(client, 'w').catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await ended).toBe(expected);
    expect(asked).toHaveLength(asks);
  });
});
