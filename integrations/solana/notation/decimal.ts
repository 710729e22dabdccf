import { fromUnits } from './amounts.ts';

/** A decimal number with every digit: `units` × 10^-`scale`. The scale is never negative. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** A number as JSON writes it. `2.3e-05` is how services write small prices. */
const NUMBER = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/;

/** No price has more digits, or an exponent further from zero: what a service sends is bounded in time and memory. */
const MOST_DIGITS = 60;
const LARGEST_EXPONENT = 60;

/** Reads a decimal text, or null if the text is no number or has too many digits. */
export function parseDecimal(text: string): Decimal | null {
  const match = text.length > 2 * MOST_DIGITS ? null : NUMBER.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  return scaled(BigInt(`${sign}${whole}${fraction}`), Number(exponent) - fraction.length);
}

/** `mantissa` × 10^`exponent`, or null if that has too many digits. */
export function scaled(mantissa: bigint, exponent: number): Decimal | null {
  if (Math.abs(exponent) > LARGEST_EXPONENT || String(mantissa).length > MOST_DIGITS) return null;
  return exponent < 0 ? { units: mantissa, scale: -exponent } : { units: mantissa * 10n ** BigInt(exponent), scale: 0 };
}

/** The decimal of a number that an author wrote, such as a percentage: what its shortest text says. */
export const decimalOf = (number: number): Decimal => parseDecimal(String(number))!;

/** A decimal as text, without an exponent and without needless zeros. */
export const formatDecimal = ({ units, scale }: Decimal): string => fromUnits(units, scale);

/** The units of two decimals at a scale that both can have. */
function aligned(a: Decimal, b: Decimal): { readonly a: bigint; readonly b: bigint; readonly scale: number } {
  const scale = Math.max(a.scale, b.scale);
  const at = ({ units, scale: own }: Decimal): bigint => units * 10n ** BigInt(scale - own);
  return { a: at(a), b: at(b), scale };
}

/** Negative if `a` is less than `b`, zero if they are equal. */
export function compare(a: Decimal, b: Decimal): number {
  const both = aligned(a, b);
  return both.a < both.b ? -1 : both.a > both.b ? 1 : 0;
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const both = aligned(a, b);
  return { units: both.a + both.b, scale: both.scale };
}

export const minus = (a: Decimal, b: Decimal): Decimal => plus(a, { ...b, units: -b.units });

export const times = (a: Decimal, b: Decimal): Decimal => ({ units: a.units * b.units, scale: a.scale + b.scale });

/** The middle between two decimals. */
export const middle = (a: Decimal, b: Decimal): Decimal => times(plus(a, b), { units: 5n, scale: 1 });

const HUNDRED: Decimal = { units: 100n, scale: 0 };

/** Whether `part` is at most so many percent of `whole`. */
export const isWithin = (part: Decimal, percent: Decimal, whole: Decimal): boolean =>
  compare(times(part, HUNDRED), times(percent, whole)) <= 0;

/** So many percent of a decimal. */
export const percentOf = (percent: Decimal, whole: Decimal): Decimal =>
  times(times(percent, whole), { units: 1n, scale: 2 });

/** A decimal in units of 10^-`scale`, rounded up. */
export function unitsUp({ units, scale: own }: Decimal, scale: number): bigint {
  if (scale >= own) return units * 10n ** BigInt(scale - own);
  const divisor = 10n ** BigInt(own - scale);
  const whole = units / divisor;
  return units > 0n && units % divisor !== 0n ? whole + 1n : whole;
}

/** How many percent `part` is of `whole`, which is not zero: a text with at most four decimals, rounded up. */
export function percentText(part: Decimal, whole: Decimal): string {
  const both = aligned(part, whole);
  const [numerator, divisor] = [both.a * 1_000_000n, both.b];
  const units = numerator / divisor + (numerator % divisor === 0n ? 0n : 1n);
  return formatDecimal({ units, scale: 4 });
}
