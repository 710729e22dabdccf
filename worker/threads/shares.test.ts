import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createShares } from './shares.ts';

/** Shares with a clock that stands, what was handed to the thread so far, and how long the busy runs have rested. */
function setUp() {
  const clock = { ms: 0 };
  const server = { lateMs: 0 };
  const rests: number[] = [];
  const begun: string[] = [];
  const shares = createShares(
    () => server.lateMs,
    () => clock.ms,
    async (ms) => void rests.push(ms),
  );
  const hand = (id: string) => {
    const done = Promise.withResolvers<void>();
    const result = shares.inTurn(id, () => {
      begun.push(id);
      return done.promise;
    });
    return { ...done, result };
  };
  return { clock, server, shares, begun, rests, hand };
}

it('hands over the work of busy runs one after the other, and of all others at once', async () => {
  const { shares, begun, hand } = setUp();
  for (const id of ['a', 'b']) shares.note(id, 200);
  shares.note('c', 199);
  const [a, b] = ['a', 'b', 'c', 'c', 'd'].map(hand);
  await setImmediate();
  expect(begun).toEqual(['c', 'c', 'd', 'a']);
  a!.resolve();
  await setImmediate();
  expect(begun).toEqual(['c', 'c', 'd', 'a', 'b']);
  b!.resolve();
  await b!.result;
});

it('goes on after work that failed', async () => {
  const { shares, begun, hand } = setUp();
  for (const id of ['a', 'b']) shares.note(id, 200);
  const [a, b] = ['a', 'b'].map(hand);
  a!.reject(new Error('the thread has ended'));
  await expect(a!.result).rejects.toThrow('has ended');
  b!.resolve();
  await b!.result;
  expect(begun).toEqual(['a', 'b']);
});

it('hands over short work of busy runs at once', async () => {
  const { shares, begun, hand } = setUp();
  for (const id of ['a', 'b', 'c']) shares.note(id, 200);
  shares.note('c', 19);
  for (const id of ['a', 'b', 'c']) hand(id);
  await setImmediate();
  expect(begun).toEqual(['c', 'a']);
});

it('forgives half of the work in five seconds', async () => {
  const { clock, shares, begun, hand } = setUp();
  shares.note('a', 300);
  shares.note('b', 200);
  hand('a');
  clock.ms = 5_000;
  hand('b');
  hand('a');
  await setImmediate();
  expect(begun).toEqual(['b', 'a', 'a']);
});

it('lets busy runs rest as long as they worked, but only while others have work', async () => {
  const { clock, shares, rests, hand } = setUp();
  shares.note('a', 10_000);
  const work = async (ms: number): Promise<void> => {
    const { resolve, result } = hand('a');
    await setImmediate();
    clock.ms += ms;
    shares.note('a', ms);
    resolve();
    await result;
    await setImmediate();
  };
  await work(40);
  hand('small');
  await work(40);
  await work(400);
  hand('small');
  await work(250);
  expect(rests).toEqual([40, 200]);
});

it('lets busy runs rest after short work, too, while the server is late for others', async () => {
  const { clock, server, shares, rests, begun, hand } = setUp();
  shares.note('a', 200);
  const work = async (ms: number): Promise<void> => {
    const { resolve, result } = hand('a');
    shares.note('a', ms);
    resolve();
    await result;
    await setImmediate();
  };
  await work(1);
  server.lateMs = 80;
  await work(1);
  hand('small');
  await work(1);
  server.lateMs = 2_000;
  await work(1);
  await work(40);
  server.lateMs = 0;
  await work(1);
  clock.ms += 400;
  server.lateMs = 80;
  await work(1);
  // The last but one still waits as after long work.
  expect(rests).toEqual([40, 200, 200, 1]);
  expect(begun.filter((family) => family === 'a')).toHaveLength(7);
});

it('counts many short pieces of work', async () => {
  const { server, shares, rests, hand } = setUp();
  server.lateMs = 40;
  for (let i = 0; i < 99; i++) shares.note('many', 0.2);
  for (const id of ['small', 'many']) hand(id).resolve();
  await setImmediate();
  expect(rests).toEqual([]);
  shares.note('many', 0.2);
  hand('many').resolve();
  await setImmediate();
  expect(rests).toEqual([20]);
});

it('does not take a family for another that it could leave something to', async () => {
  const { server, shares, rests, hand } = setUp();
  server.lateMs = 40;
  hand('alone').resolve();
  shares.note('alone', 300);
  hand('alone').resolve();
  await setImmediate();
  expect(rests).toEqual([]);
});

it('lets nobody rest once somebody has waited for two seconds', async () => {
  const { clock, server, shares, rests, hand } = setUp();
  server.lateMs = 1_000;
  const families = Array.from({ length: 30 }, (_, i) => `f${i}`);
  for (const family of families) shares.note(family, 10_000);
  const all = families.map(hand);
  for (const { resolve, result } of all) {
    clock.ms += 100;
    hand('small');
    resolve();
    await result;
    await setImmediate();
  }
  expect(rests).toHaveLength(21);
});
