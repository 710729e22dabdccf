import { expect, it } from 'vitest';
import { createShares, weightOf } from './hook-shares.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Shares with requests that are worked on until they are told to end. */
function useShares(options: Parameters<typeof createShares>[0]) {
  const shares = createShares(options);
  const begun: string[] = [];
  const end: (() => void)[] = [];
  const work = (name: string) => async () => {
    begun.push(name);
    await new Promise<void>((resolve) => end.push(resolve));
    return name;
  };
  return { shares, begun, end, work };
}

it('works on so many requests of one address at a time, in order, and on those of others meanwhile', async () => {
  const { shares, begun, end, work } = useShares({ atOnce: 2 });
  const ask = (address: string, name: string) => shares.work(address, work(name));
  const answers = [ask('a', '1'), ask('a', '2'), ask('a', '3'), ask('a', '4'), ask('b', '5')];
  await settled();
  expect(begun).toEqual(['1', '2', '5']);
  end[0]!();
  await settled();
  expect(begun).toEqual(['1', '2', '5', '3']);
  for (let next = 1; next < 5; next++) {
    end[next]!();
    await settled();
  }
  expect(await Promise.all(answers)).toEqual(['1', '2', '3', '4', '5']);
});

it('works on fewer requests at a time if they weigh more', async () => {
  const { shares, begun, end, work } = useShares({ atOnce: 4 });
  const answers = [
    shares.work('a', work('large'), 3),
    shares.work('a', work('huge'), 400),
    shares.work('a', work('small')),
    shares.work('b', work('other'), 400),
  ];
  await settled();
  expect(begun).toEqual(['large', 'other']);
  for (const [next, then] of [
    [0, 'huge'],
    [2, 'small'],
    [1, undefined],
    [3, undefined],
  ] as const) {
    end[next]!();
    await settled();
    if (then) expect(begun.at(-1)).toBe(then);
  }
  expect(await Promise.all(answers)).toEqual(['large', 'huge', 'small', 'other']);
});

it('says of an address with a long line that it is full, and lets those go on that were let in before', async () => {
  const { shares, end, work } = useShares({ atOnce: 1, inLine: 2 });
  const answers = [shares.work('a', work('1'))];
  expect(shares.isFull('a')).toBe(false);
  answers.push(shares.work('a', work('2')));
  expect([shares.isFull('a'), shares.isFull('b')]).toEqual([true, false]);
  answers.push(shares.work('a', work('let in')));
  for (let next = 0; next < 3; next++) {
    await settled();
    end[next]!();
  }
  expect(await Promise.all(answers)).toEqual(['1', '2', 'let in']);
  expect(shares.isFull('a')).toBe(false);
});

it('goes on after work that fails', async () => {
  const shares = createShares({ atOnce: 1 });
  const failed = shares.work('a', () => Promise.reject(new Error('no')));
  const next = shares.work('a', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

it('weighs large bodies and runs by Temporal more', () => {
  expect(weightOf({ bytes: 1_000, isDurable: false })).toBe(1);
  expect(weightOf({ bytes: 200_000, isDurable: false })).toBe(9);
  expect(weightOf({ bytes: 1_000, isDurable: true })).toBe(6);
});
