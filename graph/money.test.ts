import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideUp, formatMoney, parseMoney } from './money.ts';

describe('an amount of money', () => {
  it.each([
    ['0', 0n],
    ['1', 1_000_000_000_000n],
    ['0.00125', 1_250_000_000n],
    ['0.000000000001', 1n],
    ['-3.5', -3_500_000_000_000n],
    ['999999999999999999', 999_999_999_999_999_999_000_000_000_000n],
  ])('is read and written without loss: %s', (text, amount) => {
    expect(parseMoney(text)).toBe(amount);
    expect(formatMoney(amount)).toBe(text);
  });

  it('is read as Postgres writes it, with zeros at its end', () => {
    expect(parseMoney('0.001250000000')).toBe(1_250_000_000n);
    expect(formatMoney(parseMoney('12.500000000000')!)).toBe('12.5');
  });

  it.each(['', ' 1', '1.', '.5', '01', '1e3', '+1', '1,5', '0.0000000000001', 'NaN', '$1', '1'.repeat(19)])(
    'is refused if it is none: "%s"',
    (text) => expect(parseMoney(text)).toBeNull(),
  );

  it('comes back equal, whatever it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }), (amount) => {
        expect(parseMoney(formatMoney(amount))).toBe(amount);
      }),
    );
  });

  it('sums to the last digit where numbers do not', () => {
    const tenths = Array.from({ length: 10 }, () => '0.1');
    expect(tenths.map(Number).reduce((sum, one) => sum + one)).not.toBe(1);
    expect(formatMoney(tenths.reduce((sum, one) => sum + parseMoney(one)!, 0n))).toBe('1');
  });

  it('is divided upwards', () => {
    expect([divideUp(0n, 3n), divideUp(1n, 3n), divideUp(3n, 3n), divideUp(4n, 3n)]).toEqual([0n, 1n, 1n, 2n]);
  });
});
