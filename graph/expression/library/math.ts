import { fail } from '../error.ts';
import { charge } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { toNumber } from '../values.ts';
import type { Functions, LibraryFunction } from './types.ts';

/** Constants of `Math` and `Number`; the parser puts their values in the tree. */
export const constants: Readonly<Record<string, number>> = {
  'Math.PI': Math.PI,
  'Math.E': Math.E,
  'Number.EPSILON': Number.EPSILON,
  'Number.MAX_SAFE_INTEGER': Number.MAX_SAFE_INTEGER,
  'Number.MIN_SAFE_INTEGER': Number.MIN_SAFE_INTEGER,
  'Number.MAX_VALUE': Number.MAX_VALUE,
  'Number.MIN_VALUE': Number.MIN_VALUE,
};

const unary = (name: string, run: (x: number) => number, summary: string, example: readonly [string, unknown]) =>
  ({
    signature: `Math.${name}(x)`,
    summary,
    example,
    takes: [1, 1],
    run: (fuel, [x]) => run(toNumber(fuel, x)),
  }) satisfies LibraryFunction;

/** The smallest or greatest of the arguments, NaN if any is NaN. */
function extreme(fuel: Fuel, args: readonly unknown[], pick: (a: number, b: number) => number, start: number): number {
  charge(fuel, args.length >> 2);
  return args.reduce<number>((best, arg) => pick(best, toNumber(fuel, arg)), start);
}

function oneList(args: readonly unknown[], name: string): readonly unknown[] {
  if (args.some(Array.isArray)) fail('type', `Math.${name} takes numbers; spread a list: Math.${name}(...list).`);
  return args;
}

/** `Math.*` */
export const math: Functions = {
  'Math.abs': unary('abs', Math.abs, 'The number without its sign.', ['Math.abs(-2)', 2]),
  'Math.ceil': unary('ceil', Math.ceil, 'The number rounded up to a whole number.', ['Math.ceil(1.2)', 2]),
  'Math.floor': unary('floor', Math.floor, 'The number rounded down to a whole number.', ['Math.floor(-1.2)', -2]),
  'Math.round': unary('round', Math.round, 'The number rounded to the nearest whole number, halves up.', [
    'Math.round(2.5)',
    3,
  ]),
  'Math.trunc': unary('trunc', Math.trunc, 'The number without its fraction.', ['Math.trunc(-1.7)', -1]),
  'Math.sign': unary('sign', Math.sign, 'The sign of the number: -1, 0 or 1.', ['Math.sign(-3)', -1]),
  'Math.sqrt': unary('sqrt', Math.sqrt, 'Square root.', ['Math.sqrt(9)', 3]),
  'Math.cbrt': unary('cbrt', Math.cbrt, 'Cube root.', ['Math.cbrt(27)', 3]),
  'Math.exp': unary('exp', Math.exp, 'e to the power of x.', ['Math.exp(0)', 1]),
  'Math.log': unary('log', Math.log, 'Natural logarithm.', ['Math.log(1)', 0]),
  'Math.log2': unary('log2', Math.log2, 'Logarithm to base 2.', ['Math.log2(8)', 3]),
  'Math.log10': unary('log10', Math.log10, 'Logarithm to base 10.', ['Math.log10(1000)', 3]),
  'Math.sin': unary('sin', Math.sin, 'Sine of an angle in radians.', ['Math.sin(0)', 0]),
  'Math.cos': unary('cos', Math.cos, 'Cosine of an angle in radians.', ['Math.cos(0)', 1]),
  'Math.tan': unary('tan', Math.tan, 'Tangent of an angle in radians.', ['Math.tan(0)', 0]),
  'Math.asin': unary('asin', Math.asin, 'Angle whose sine is x, in radians.', ['Math.asin(0)', 0]),
  'Math.acos': unary('acos', Math.acos, 'Angle whose cosine is x, in radians.', ['Math.acos(1)', 0]),
  'Math.atan': unary('atan', Math.atan, 'Angle whose tangent is x, in radians.', ['Math.atan(0)', 0]),
  'Math.atan2': {
    signature: 'Math.atan2(y, x)',
    summary: 'Angle of the point (x, y), in radians.',
    example: ['Math.atan2(0, 1)', 0],
    takes: [2, 2],
    run: (fuel, [y, x]) => Math.atan2(toNumber(fuel, y), toNumber(fuel, x)),
  },
  'Math.pow': {
    signature: 'Math.pow(x, y)',
    summary: 'x to the power of y; the same as `x ** y`.',
    example: ['Math.pow(2, 10)', 1024],
    takes: [2, 2],
    run: (fuel, [x, y]) => toNumber(fuel, x) ** toNumber(fuel, y),
  },
  'Math.min': {
    signature: 'Math.min(…numbers)',
    summary: 'The smallest number. Spread a list: `Math.min(...list)`.',
    example: ['Math.min(3, ...[1, 2])', 1],
    takes: [0, Number.POSITIVE_INFINITY],
    run: (fuel, args) => extreme(fuel, oneList(args, 'min'), Math.min, Number.POSITIVE_INFINITY),
  },
  'Math.max': {
    signature: 'Math.max(…numbers)',
    summary: 'The greatest number. Spread a list: `Math.max(...list)`.',
    example: ['Math.max(3, ...[1, 2])', 3],
    takes: [0, Number.POSITIVE_INFINITY],
    run: (fuel, args) => extreme(fuel, oneList(args, 'max'), Math.max, Number.NEGATIVE_INFINITY),
  },
  'Math.hypot': {
    signature: 'Math.hypot(x, y)',
    summary: 'Square root of the sum of the squares.',
    example: ['Math.hypot(3, 4)', 5],
    takes: [2, 2],
    run: (fuel, [x, y]) => Math.hypot(toNumber(fuel, x), toNumber(fuel, y)),
  },
};
