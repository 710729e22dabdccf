import { expect, it } from 'vitest';
import { createShares } from './hook-shares.ts';

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
  const ask = (address: string, name: string) => shares.goOn(address, work(name));
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

it('refuses a request that comes to a long line, but none that was let in before', async () => {
  const { shares, begun, end, work } = useShares({ atOnce: 1, inLine: 2 });
  const answers = [shares.begin('a', work('1')), shares.begin('a', work('2'))];
  await expect(shares.begin('a', work('3'))).rejects.toMatchObject({ code: 'hook.busy' });
  const further = shares.goOn('a', work('let in'));
  const other = shares.begin('b', work('other'));
  for (let next = 0; next < 4; next++) {
    await settled();
    end[next]!();
  }
  expect(await Promise.all([...answers, further, other])).toEqual(['1', '2', 'let in', 'other']);
  expect(begun).not.toContain('3');
  const again = shares.begin('a', async () => 'again');
  expect(await again).toBe('again');
});

it('goes on after work that fails', async () => {
  const shares = createShares({ atOnce: 1 });
  const failed = shares.begin('a', () => Promise.reject(new Error('no')));
  const next = shares.begin('a', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
