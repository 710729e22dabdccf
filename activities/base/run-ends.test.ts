import { expect, it } from 'vitest';
import { createRunEnds } from './run-ends.ts';

it('stops the steps that are left of a run, and no others', () => {
  const ends = createRunEnds();
  expect(ends.left('r')).toBeUndefined();
  const [a, b, other] = ['r', 'r', 's'].map((runId) => ends.watch(runId));
  const stop = ends.left('r')!;
  const later = ends.watch('r');
  b!.leave();
  stop();
  expect([a, b, other, later].map((step) => step!.signal.aborted)).toEqual([true, false, false, false]);
  for (const step of [a, later]) step!.leave();
  expect(ends.left('r')).toBeUndefined();
});
