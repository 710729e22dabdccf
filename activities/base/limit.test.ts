import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withinLimit } from './limit.ts';

const never = new AbortController().signal;
const forever = (signal: AbortSignal) => setTimeout(60_000, 1, { signal });

it('ends work that takes too long, whatever the work throws then', async () => {
  const timeout = { code: 'timeout', unknown: true };
  await expect(withinLimit({ ms: 5, whole: false }, never, forever)).rejects.toMatchObject({
    ...timeout,
    retryable: true,
  });
  await expect(withinLimit({ ms: 5, whole: true }, never, forever)).rejects.toMatchObject({
    ...timeout,
    retryable: false,
  });
});

it('leaves work alone that ends in time, fails, or is cancelled', async () => {
  expect(await withinLimit({ ms: 60_000, whole: true }, never, () => Promise.resolve(1))).toBe(1);
  await expect(withinLimit({ ms: 2 ** 40, whole: true }, never, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  const controller = new AbortController();
  const cancelled = withinLimit({ ms: 60_000, whole: true }, controller.signal, forever);
  controller.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('aborted');
});
