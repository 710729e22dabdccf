import { expect, it } from 'vitest';
import { costMs } from '../throttle/gcra.ts';
import { slowStart } from './slow-start.ts';
import type { Bucket } from './store.ts';

const bucketOf = (limit: number, burst = 1): Bucket => ({
  workspace: 'ws',
  key: 'k',
  rate: { limit, perMs: 1_000, burst },
});

function start(bucket: Bucket, isFirst = true) {
  let time = 0;
  let dones = 0;
  const begins = slowStart(bucket, { isFirst, onDone: () => dones++, now: () => time });
  return { ...begins, pass: (ms: number) => (time += ms), dones: () => dones };
}

it('asks for one turn until the first call is answered, and then for some seconds slower', async () => {
  const bucket = bucketOf(50, 5);
  const begins = start(bucket);
  expect(begins.most(10)).toBe(1);
  const given = begins.given();
  begins.answered();
  await given;
  expect(begins.dones()).toBe(1);
  expect(begins.most(10)).toBe(10);
  const { rate } = begins.bucket();
  expect(costMs(rate)).toBeCloseTo(25, 6);
  // A pause is stored as what a whole burst costs: that must not change.
  expect((rate.burst - 1) * costMs(rate)).toBeCloseTo(4 * 20, 6);
  begins.pass(2_500);
  expect(costMs(begins.bucket().rate)).toBeCloseTo(20 / 0.9, 6);
  begins.pass(2_500);
  expect(begins.bucket()).toBe(bucket);
});

it('goes on if the first call is not answered soon', async () => {
  const begins = start(bucketOf(50));
  await begins.given();
  expect([begins.most(10), begins.dones()]).toEqual([10, 1]);
});

it.each([
  ['has called before', 50, false],
  ['calls seldom', 2, true],
])('does not hold up a process that %s', async (_, limit, isFirst) => {
  const bucket = bucketOf(limit);
  const begins = start(bucket, isFirst);
  expect(begins.most(10)).toBe(10);
  await begins.given();
  expect(begins.bucket()).toBe(bucket);
  expect(begins.dones()).toBe(0);
});
