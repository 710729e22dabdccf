import { expect, it } from 'vitest';
import { alignItems } from './align.ts';

it('finds the items of a list again, whatever was put in, taken out or changed', () => {
  expect(alignItems(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual([0, null, 1, 2]);
  expect(alignItems(['a', 'b', 'c', 'd'], ['a', 'd'])).toEqual([0, 3]);
  expect(alignItems(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([0, 1, 2]);
  expect(alignItems(['a', 'a', 'a'], ['a', 'a'])).toEqual([0, 1]);
  expect(alignItems([], ['a'])).toEqual([null]);
});

it('takes time in proportion to the length of a list', () => {
  const before = Array.from({ length: 300_000 }, (_, index) => index);
  const after = before.map((item) => (item % 2 ? item : -item - 1));
  expect(alignItems(before, after)[299_998]).toBe(299_998);
});
