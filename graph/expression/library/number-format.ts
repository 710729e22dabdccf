import { fail } from '../error.ts';
import { charge } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { kindOf, toText } from '../values.ts';
import { integer } from './arguments.ts';
import type { Functions } from './types.ts';

/** A number as digits: the sign, the whole part and the decimals. */
interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** Most digits that a number given as text may have. */
const MAX_DIGITS = 400;

/** The exact digits of a number, or of a text that holds a number with more digits than a double. */
function digitsOf(value: unknown, decimals: number | undefined): Digits {
  if (typeof value === 'string') return roundedText(value, decimals);
  if (typeof value !== 'number') return fail('type', `A number is needed here, not ${kindOf(value)}.`);
  if (!(Math.abs(value) < 1e21))
    return fail('argument', `Only numbers below 1e21 can be written like this, not ${value}.`);
  const written = Math.abs(value).toFixed(decimals ?? decimalsOf(value));
  const [whole = '0', fraction = ''] = written.split('.');
  return { negative: value < 0, whole, fraction };
}

/** How many decimals a number has when it is written in its shortest form. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(Math.abs(value)).split('e');
  const own = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  return Math.min(100, Math.max(0, own - Number(exponent)));
}

function roundedText(value: string, decimals: number | undefined): Digits {
  const found = value.length > MAX_DIGITS ? null : /^\s*(-?)(\d+)(?:\.(\d+))?\s*$/.exec(value);
  if (found === null) return fail('argument', `Not a number: "${value.slice(0, 40)}".`);
  const [, sign, whole = '', fraction = ''] = found;
  const kept = decimals ?? fraction.length;
  const scaled = BigInt(whole + fraction.slice(0, kept).padEnd(kept, '0')) + (fraction.charAt(kept) >= '5' ? 1n : 0n);
  const digits = scaled.toString().padStart(kept + 1, '0');
  return {
    negative: sign === '-',
    whole: digits.slice(0, digits.length - kept),
    fraction: digits.slice(digits.length - kept),
  };
}

function written({ negative, whole, fraction }: Digits, group: string, point: string): string {
  const groups: string[] = [];
  for (let end = whole.length; end > 0; end -= 3) groups.unshift(whole.slice(Math.max(0, end - 3), end));
  const zero = /^0*$/.test(whole + fraction);
  return `${negative && !zero ? '-' : ''}${groups.join(group)}${fraction === '' ? '' : point + fraction}`;
}

function format(fuel: Fuel, value: unknown, args: readonly unknown[], fallback: number | undefined): string {
  const [decimals, group, point] = args;
  const places = decimals === undefined || decimals === null ? fallback : integer(fuel, decimals, 0);
  if (places !== undefined && !(places >= 0 && places <= 100))
    fail('argument', `Decimals are 0 to 100, not ${places}.`);
  const separator = group === undefined ? ',' : toText(group);
  const mark = point === undefined ? '.' : toText(point);
  if (separator.length > 4 || mark.length > 4) fail('argument', 'A separator has at most 4 characters.');
  charge(fuel, typeof value === 'string' ? 30 + value.length : 30);
  return written(digitsOf(value, places), separator, mark);
}

/** Numbers as people read them. Nothing depends on a locale. */
export const numberFormat: Functions = {
  'format.number': {
    signature: "format.number(number, decimals?, group = ',', point = '.')",
    summary:
      'The number as text, with groups of three digits, rounded to that many decimals (by default not rounded). A text of digits of any length is accepted too.',
    example: ["format.number(1234567.5, 2, '.', ',')", '1.234.567,50'],
    takes: [1, 4],
    run: (fuel, [value, ...rest]) => format(fuel, value, rest, undefined),
  },
  'format.percent': {
    signature: "format.percent(number, decimals = 0, group = ',', point = '.')",
    summary: 'A share as a percentage: 1 is 100%.',
    example: ['format.percent(0.256, 1)', '25.6%'],
    takes: [1, 4],
    run: (fuel, [value, ...rest]) => {
      if (typeof value !== 'number') fail('type', `A number is needed here, not ${kindOf(value)}.`);
      return `${format(fuel, (value as number) * 100, rest, 0)}%`;
    },
  },
};
