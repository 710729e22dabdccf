import { expect, it } from 'vitest';
import { createWaiters } from './waiters.ts';

it('lets so many callers wait, fewer of each address, and others again once some have gone', () => {
  const { enter } = createWaiters({ all: 3, each: 2 });
  const left = [enter('a'), enter('a')];
  expect(enter('a')).toBeNull();
  const other = enter('b');
  expect([other, enter('c')]).toEqual([expect.any(Function), null]);
  left[0]!();
  expect([enter('a'), enter('a')]).toEqual([expect.any(Function), null]);
});
