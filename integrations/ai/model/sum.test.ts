import { expect, it } from 'vitest';
import { NO_USAGE } from '../../spending.ts';
import { addCosts, sumOf } from './sum.ts';

it('adds costs to the last digit, and knows none if one is unknown', () => {
  expect(addCosts([])).toBe('0');
  expect(addCosts(['0.1', '0.2'])).toBe('0.3');
  expect(addCosts(['0.00000015', '12', '1.95'])).toBe('13.95000015');
  expect(addCosts(['0.5', '0.5'])).toBe('1');
  expect(addCosts(['1', null])).toBeNull();
});

it('adds usage, with seconds and images only where there are some', () => {
  const call = { usage: { ...NO_USAGE, input: 3, output: 2 }, cost: '0.1' };
  expect(sumOf([call, { usage: { ...NO_USAGE, input: 1, seconds: 1.5 }, cost: '0' }])).toEqual({
    usage: { ...NO_USAGE, input: 4, output: 2, seconds: 1.5 },
    cost: '0.1',
  });
  expect(sumOf([])).toEqual({ usage: NO_USAGE, cost: '0' });
});
