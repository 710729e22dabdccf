import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compare,
  formatDecimal,
  isWithin,
  middle,
  minus,
  parseDecimal,
  percentText,
  plus,
  scaled,
  times,
  unitsUp,
} from './decimal.ts';

const of = (text: string) => parseDecimal(text)!;

describe('a decimal', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['147.48', '147.48'],
    ['147.4800', '147.48'],
    ['2.3e-05', '0.000023'],
    ['2.3E+3', '2300'],
    ['-1e2', '-100'],
    ['1.000000000000000000000000000001', '1.000000000000000000000000000001'],
  ])('reads %s with every digit', (text, written) => {
    expect(formatDecimal(of(text))).toBe(written);
  });

  it.each(['', '1,5', '.5', '1.', '0x10', 'NaN', 'Infinity', '1e61', '1e-61', '1e999', '9'.repeat(61), '1 ', '01'])(
    'does not read "%s"',
    (text) => {
      expect(parseDecimal(text)).toBeNull();
    },
  );

  it('places the point by an exponent on either side of zero', () => {
    expect(formatDecimal(scaled(15012345678n, -8)!)).toBe('150.12345678');
    expect(formatDecimal(scaled(15n, 1)!)).toBe('150');
    expect(scaled(1n, -61)).toBeNull();
  });

  it('computes as whole numbers do, at any scale', () => {
    const decimal = fc.record({ units: fc.bigInt(-(10n ** 20n), 10n ** 20n), scale: fc.nat(20) });
    const whole = ({ units, scale }: { units: bigint; scale: number }) => units * 10n ** BigInt(20 - scale);
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(whole(plus(a, b))).toBe(whole(a) + whole(b));
        expect(whole(minus(a, b))).toBe(whole(a) - whole(b));
        expect(Math.sign(compare(a, b))).toBe(whole(a) < whole(b) ? -1 : whole(a) > whole(b) ? 1 : 0);
        expect(compare(middle(a, b), middle(b, a))).toBe(0);
        expect(compare(times(a, { units: 2n, scale: 0 }), plus(a, a))).toBe(0);
        expect(formatDecimal(of(formatDecimal(a)))).toBe(formatDecimal(a));
      }),
    );
  });

  it('rounds up where money is counted, and only there', () => {
    expect(unitsUp(of('1.0000001'), 6)).toBe(1_000_001n);
    expect(unitsUp(of('1.000001'), 6)).toBe(1_000_001n);
    expect(unitsUp(of('7'), 6)).toBe(7_000_000n);
    expect(unitsUp(of('0'), 6)).toBe(0n);
  });

  it('compares parts with percentages exactly', () => {
    expect(isWithin(of('2'), of('2'), of('100'))).toBe(true);
    expect(isWithin(of('2.00000000000000000001'), of('2'), of('100'))).toBe(false);
    expect(percentText(of('1'), of('3'))).toBe('33.3334');
    expect(percentText(of('0'), of('3'))).toBe('0');
  });
});
