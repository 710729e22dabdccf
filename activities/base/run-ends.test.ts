import { expect, it } from 'vitest';
import { createRunEnds } from './run-ends.ts';

it('tells the steps of a run that ends, and no others', () => {
  const ends = createRunEnds();
  const [a, b, gone, other] = ['r', 'r', 'r', 's'].map((runId) => ends.await(runId));
  gone!.leave();
  ends.ended('r');
  expect([a, b, gone, other].map((step) => step!.signal.aborted)).toEqual([true, true, false, false]);
  for (const step of [a, b, gone]) step!.leave();
  const again = ends.await('r');
  a!.leave();
  ends.ended('r');
  expect(again.signal.aborted).toBe(true);
  ends.ended('unknown');
});
