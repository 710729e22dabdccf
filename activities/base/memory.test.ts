import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createMemory } from './memory.ts';

const never = new AbortController().signal;

/** Whether a promise is still waiting. */
const waits = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => false), setTimeout(1, true)]);

it('lets steps hold memory up to the limit, and the others as soon as there is room', async () => {
  const memory = createMemory(100);
  const [a, b] = [memory.share(), memory.share()];
  await a.hold(60, never);
  await b.hold(40, never);
  const more = b.hold(1, never);
  expect(await waits(more)).toBe(true);
  a.release();
  await more;
});

it('always lets the step go on that has held memory for the longest time', async () => {
  const memory = createMemory(100);
  const [a, b] = [memory.share(), memory.share()];
  await a.hold(500, never);
  const more = b.hold(200, never);
  await a.hold(500, never);
  expect(await waits(more)).toBe(true);
  a.release();
  await more;
});

it('stops waiting for a step that is no longer wanted, and forgets what it held', async () => {
  const memory = createMemory(100);
  const [a, b, c] = [memory.share(), memory.share(), memory.share()];
  await a.hold(100, never);
  const controller = new AbortController();
  const more = b.hold(10, controller.signal);
  controller.abort(new Error('cancelled'));
  await expect(more).rejects.toThrow('cancelled');
  b.release();
  a.release();
  await c.hold(100, never);
});
