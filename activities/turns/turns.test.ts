import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { createTurns, HandedBack } from './turns.ts';

afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
const from = (runId: string, work = runId) => ({ workspace: 'ws', runId, work, inCrowd: false });
const options = { signal: never, mayRestart: true };

/** Work that lasts until it is released or ended, and what happened to it. */
function work() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const begun: AbortSignal[] = [];
  const run = (signal: AbortSignal): Promise<string> => {
    begun.push(signal);
    return new Promise((done, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason));
      promise.then(done, fail);
    });
  };
  return { run, begun, release: () => resolve('done') };
}

/** Two places, one for long work, and turns that are long after 20 ms. */
const short = () => createTurns({ places: 2, longPlaces: 1, shortPlaces: 0, longAfterMs: 20 });
/** As before, but no turn becomes long. */
const patient = (places = 2) => createTurns({ places, longPlaces: 1, shortPlaces: 0, longAfterMs: 60_000 });

it('gives a turn to as many as there are places, and the place of the one that ends to the next', async () => {
  const turns = patient();
  const works = ['a', 'b', 'c'].map((runId) => ({ runId, ...work() }));
  const results = works.map(({ runId, run }) => turns.take(from(runId), options, run));
  await setTimeout();
  expect(works.map(({ begun }) => begun.length)).toEqual([1, 1, 0]);
  works[0]!.release();
  expect(await results[0]).toBe('done');
  await setTimeout();
  expect(works[2]!.begun).toHaveLength(1);
});

it('gives the place of work that failed to the next, and passes the error on', async () => {
  const turns = patient(1);
  await expect(turns.take(from('a'), options, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.take(from('a'), options, () => Promise.resolve(1))).toBe(1);
});

it('takes a step that is no longer wanted out of the line, and ends it at its turn', async () => {
  const turns = patient(1);
  const [first, second, controller] = [work(), work(), new AbortController()];
  const cancelled = { signal: controller.signal, mayRestart: true };
  const results = [turns.take(from('a'), cancelled, first.run), turns.take(from('b'), cancelled, second.run)];
  await setTimeout();
  controller.abort(new Error('cancelled'));
  for (const result of results) await expect(result).rejects.toThrow('cancelled');
  expect([first.begun.length, second.begun.length]).toEqual([1, 0]);
  await expect(turns.take(from('c'), cancelled, first.run)).rejects.toThrow('cancelled');
  expect(await turns.take(from('d'), options, () => Promise.resolve(1))).toBe(1);
});

it('ends long work for another run, and does it again later', async () => {
  const turns = short();
  const [old, young, other] = [work(), work(), work()];
  const results = [turns.take(from('a'), options, old.run), turns.take(from('b'), options, young.run)];
  await setTimeout(40);
  results.push(turns.take(from('c'), options, other.run));
  other.release();
  expect(await results[2]).toBe('done');
  // Which of the two is younger depends on the clock.
  const ended = [old, young].filter(({ begun }) => begun[0]!.aborted);
  expect(ended).toHaveLength(1);
  for (const { release } of [old, young]) release();
  expect(await Promise.all(results)).toEqual(['done', 'done', 'done']);
  expect(ended[0]!.begun).toHaveLength(2);
});

it('hands back what has not begun when it closes, and lets the rest end', async () => {
  const turns = patient(1);
  const [first, second] = [work(), work()];
  const running = turns.take(from('a'), options, first.run);
  const waiting = turns.take(from('b'), options, second.run);
  turns.close();
  await expect(waiting).rejects.toThrow(HandedBack);
  await expect(turns.take(from('c'), options, second.run)).rejects.toThrow(HandedBack);
  first.release();
  expect(await running).toBe('done');
  expect(second.begun).toEqual([]);
});

it('leaves the place for short steps to others once a run had many turns, until that was a while ago', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const turns = createTurns({ places: 2, longPlaces: 1, shortPlaces: 1, longAfterMs: 60_000 });
  const take = (runId: string) => {
    const { run, begun, release } = work();
    return { isAtTurn: () => begun.length === 1, release, result: turns.take(from(runId, 'work'), options, run) };
  };
  const end = async ({ release, result }: ReturnType<typeof take>) => {
    release();
    await result;
  };
  for (let n = 0; n < 16; n++) await end(take('a'));
  const other = take('b');
  const [much, little] = [take('a'), take('c')];
  await setTimeout();
  expect([other, much, little].map(({ isAtTurn }) => isAtTurn())).toEqual([true, false, true]);
  await end(little);
  await end(other);
  await end(much);
  vi.advanceTimersByTime(10_000);
  const [again, forgotten] = [take('b'), take('a')];
  await setTimeout();
  expect([again, forgotten].map(({ isAtTurn }) => isAtTurn())).toEqual([true, true]);
  for (const each of [again, forgotten]) await end(each);
});

it('learns nothing from work that was no longer wanted before it was long', async () => {
  const turns = createTurns({ places: 2, longPlaces: 1, shortPlaces: 1, longAfterMs: 60_000 });
  const [unwanted, first, second, controller] = [work(), work(), work(), new AbortController()];
  const ended = turns.take(from('a', 'work'), { signal: controller.signal, mayRestart: true }, unwanted.run);
  await setTimeout();
  controller.abort(new Error('cancelled'));
  await expect(ended).rejects.toThrow('cancelled');
  const results = [turns.take(from('b'), options, first.run), turns.take(from('c', 'work'), options, second.run)];
  await setTimeout();
  expect([first.begun.length, second.begun.length]).toEqual([1, 0]);
  for (const { release } of [first, second]) release();
  expect(await Promise.all(results)).toEqual(['done', 'done']);
});

it('knows what a run had, as long as steps of it wait or have their turn', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const turns = patient(1);
  const begun: string[] = [];
  const take = (runId: string) =>
    turns.take(from(runId, 'work'), options, async () => {
      begun.push(runId);
      // Longer than a run is remembered that has no step here.
      vi.advanceTimersByTime(20_000);
      await setTimeout();
    });
  const all = ['a', 'a', 'a', 'b', 'b', 'b'].map(take);
  await setTimeout();
  await Promise.all([...all, take('c')]);
  expect(begun.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
});
