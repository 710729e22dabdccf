import { type Client, WorkflowFailedError } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awaitResult } from './await-result.ts';

/** A client whose server never tells of the end, but knows it when it is asked after `endsAfterMs`. */
function forgetful(endsAfterMs: number, end: () => unknown): { client: Client; asked: number[] } {
  const began = Date.now();
  const asked: number[] = [];
  let current: AbortSignal;
  const result = (): Promise<unknown> => {
    asked.push(Date.now() - began);
    if (Date.now() - began >= endsAfterMs) return new Promise((resolve) => resolve(end()));
    const signal = current;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled'))));
  };
  const client = {
    workflow: { result },
    withAbortSignal: (signal: AbortSignal, ask: () => unknown) => {
      current = signal;
      return ask();
    },
  };
  return { client: client as unknown as Client, asked };
}

describe('waiting for the end of a workflow', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // The timers of `AbortSignal.timeout` are not among those that are faked.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), ms);
      return controller.signal;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('asks again and again, less and less often', async () => {
    const { client, asked } = forgetful(50_000, () => 'done');
    const result = awaitResult(client, 'w');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await result).toBe('done');
    expect(asked).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 51_500]);
  });

  it('throws what the workflow threw', async () => {
    const failed = new WorkflowFailedError('failed', undefined, 'NON_RETRYABLE_FAILURE');
    const { client } = forgetful(400, () => {
      throw failed;
    });
    const result = awaitResult(client, 'w').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe(failed);
  });

  it('ends with its signal', async () => {
    const { client, asked } = forgetful(50_000, () => 'done');
    const controller = new AbortController();
    const result = awaitResult(client, 'w', controller.signal).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(700);
    controller.abort();
    expect(await result).toBe('cancelled');
    expect(asked).toEqual([0, 500]);
  });

  it('throws at once what the server refuses', async () => {
    const { client, asked } = forgetful(0, () => {
      throw new Error('not found');
    });
    await expect(awaitResult(client, 'w')).rejects.toThrow('not found');
    expect(asked).toEqual([0]);
  });
});
