import { expect, it } from 'vitest';
import { createShares } from './shares.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('works on so many requests of one address at a time, in order, and on those of others meanwhile', async () => {
  const shares = createShares(2);
  const begun: string[] = [];
  const end: (() => void)[] = [];
  const ask = (address: string, name: string) =>
    shares.use(address, async () => {
      begun.push(name);
      await new Promise<void>((resolve) => end.push(resolve));
      return name;
    });
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

it('goes on after work that fails', async () => {
  const shares = createShares(1);
  const failed = shares.use('a', () => Promise.reject(new Error('no')));
  const next = shares.use('a', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
