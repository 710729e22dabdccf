import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromUnits, limitUnits, toUnits } from './amounts.ts';

it.each<[string, number, bigint | null]>([
  ['0.25', 9, 250_000_000n],
  ['1', 9, 1_000_000_000n],
  ['0.000000001', 9, 1n],
  ['0.0000000001', 9, null],
  ['1.50', 1, 15n],
  ['18446744073.709551615', 9, 2n ** 64n - 1n],
  ['18446744073.709551616', 9, null],
  ['007', 0, null],
  ['1e3', 9, null],
  ['-1', 9, null],
  ['1,5', 9, null],
  ['.5', 9, null],
  ['', 9, null],
  ['-0', 9, null],
  ['+1', 9, null],
  ['1.', 9, null],
  ['1 ', 9, null],
  [' 1', 9, null],
  ['1\n', 9, null],
  ['１', 9, null],
  ['٣', 9, null],
  ['0x10', 9, null],
  ['1_000', 9, null],
  ['Infinity', 9, null],
  ['0', 255, 0n],
  ['1', 255, null],
])('%s with %i decimals', (text, decimals, units) => {
  expect(toUnits(text, decimals)).toBe(units);
});

it('writes every amount so that it is read again, with every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 0, max: 255 }), (units, decimals) => {
      expect(toUnits(fromUnits(units, decimals), decimals)).toBe(units);
    }),
  );
  expect(fromUnits(-5n, 9)).toBe('-0.000000005');
});

it('reads limits above all that there can be, because nobody counts the decimals of a token before setting one', () => {
  expect(toUnits('100', 18)).toBeNull();
  expect(limitUnits('100', 18)).toBe(10n ** 20n);
  expect(limitUnits('1.001', 2)).toBeNull();
});
