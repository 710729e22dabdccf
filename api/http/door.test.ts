import { expect, it } from 'vitest';
import { createHoldBack } from './door.ts';

it('answers few refusals at once, lets many wait, and never lets too many wait', async () => {
  const holdBack = createHoldBack({ freely: 2, heldMs: 1, most: 2, now: () => 5_000 });
  const waits = [1, 2, 3, 4, 5].map(holdBack);
  expect(waits.map((wait) => wait !== undefined)).toEqual([false, false, true, true, false]);
  await Promise.all(waits);
  expect(holdBack()).toBeDefined();
});

it('counts each second anew', () => {
  let now = 5_000;
  const holdBack = createHoldBack({ freely: 1, heldMs: 1, now: () => now });
  expect([holdBack(), holdBack()].map((wait) => wait !== undefined)).toEqual([false, true]);
  now += 1_000;
  expect(holdBack()).toBeUndefined();
});
