import { InexactNumber, parseCallerJson } from '../../exact-json.ts';
import { MAX_EXPRESSION_DEPTH } from '../../limits.ts';
import { fail } from '../error.ts';
import { charge, chargeList, chargeProperties, chargeSince } from '../fuel.ts';
import { toJsonText } from '../json-text.ts';
import type { Fuel } from '../types.ts';
import { isTrue, toNumber, toText } from '../values.ts';
import { integer, text } from './arguments.ts';
import type { Functions, LibraryMethod, Methods } from './types.ts';

const question = (
  name: string,
  run: (value: unknown) => boolean,
  summary: string,
  example: readonly [string, unknown],
) => ({
  signature: `Number.${name}(value)`,
  summary,
  example,
  takes: [1, 1] as const,
  run: (_fuel: Fuel, [value]: readonly unknown[]) => run(value),
});

const parseFloatEntry = (name: string) => ({
  signature: `${name}(text)`,
  summary: 'The decimal number at the start of the text, or NaN.',
  example: [`${name}('1.5 kg')`, 1.5] as const,
  takes: [1, 1] as const,
  run: (fuel: Fuel, [value]: readonly unknown[]) => {
    const source = toText(value);
    charge(fuel, source.length >> 4);
    return Number.parseFloat(source);
  },
});

const parseIntEntry = (name: string) => ({
  signature: `${name}(text, radix = 10)`,
  summary: 'The whole number at the start of the text, or NaN.',
  example: [`${name}('42px')`, 42] as const,
  takes: [1, 2] as const,
  run: (fuel: Fuel, [value, radix]: readonly unknown[]) => {
    const source = toText(value);
    charge(fuel, source.length >> 4);
    return Number.parseInt(source, integer(fuel, radix, 0));
  },
});

/** Conversions between kinds, and JSON. */
export const convert: Functions = {
  Number: {
    signature: 'Number(value)',
    summary: 'The value as a number: a text is read as one, true is 1, false and null are 0; or NaN.',
    example: ["Number('1e3')", 1000],
    takes: [1, 1],
    run: (fuel, [value]) => toNumber(fuel, value),
  },
  String: {
    signature: 'String(value)',
    summary: 'The value as text. Lists and objects are refused: use `JSON.stringify` or `.join`.',
    example: ['String(1.50)', '1.5'],
    takes: [1, 1],
    run: (_fuel, [value]) => toText(value),
  },
  Boolean: {
    signature: 'Boolean(value)',
    summary: "False for false, null, undefined, 0, NaN and ''; true for everything else.",
    example: ["Boolean('')", false],
    takes: [1, 1],
    run: (_fuel, [value]) => isTrue(value),
  },
  parseInt: parseIntEntry('parseInt'),
  parseFloat: parseFloatEntry('parseFloat'),
  'Number.parseInt': parseIntEntry('Number.parseInt'),
  'Number.parseFloat': parseFloatEntry('Number.parseFloat'),
  'Number.isInteger': question('isInteger', Number.isInteger, 'Whether the value is a whole number.', [
    'Number.isInteger(5.0)',
    true,
  ]),
  'Number.isSafeInteger': question(
    'isSafeInteger',
    Number.isSafeInteger,
    'Whether the value is a whole number that a double holds exactly.',
    ['Number.isSafeInteger(2 ** 53)', false],
  ),
  'Number.isFinite': question('isFinite', Number.isFinite, 'Whether the value is a number, but not NaN or infinite.', [
    'Number.isFinite(1 / 0)',
    false,
  ]),
  'Number.isNaN': question('isNaN', Number.isNaN, 'Whether the value is NaN.', ["Number.isNaN(Number('x'))", true]),
  'String.fromCharCode': {
    signature: 'String.fromCharCode(…codes)',
    summary: 'The text made of these UTF-16 codes.',
    example: ['String.fromCharCode(72, 105)', 'Hi'],
    takes: [0, Number.POSITIVE_INFINITY],
    run: (fuel, codes) => {
      chargeList(fuel, codes.length);
      charge(fuel, codes.length >> 1);
      return codes.map((code) => String.fromCharCode(toNumber(fuel, code))).join('');
    },
  },
  'JSON.parse': {
    signature: 'JSON.parse(text)',
    summary: 'The value of a JSON text. Fails if a number cannot be held exactly.',
    example: ['JSON.parse(\'{"a":[1]}\')', { a: [1] }],
    takes: [1, 1],
    run: (fuel, [source]) => parseJson(fuel, text(source, 'JSON.parse')),
  },
  'JSON.stringify': {
    signature: 'JSON.stringify(value, null, indent = 0)',
    summary: 'The JSON text of a value.',
    example: ['JSON.stringify({ a: [1, null] })', '{"a":[1,null]}'],
    takes: [1, 3],
    run: (fuel, [value, replacer, indent]) => {
      if (replacer !== null && replacer !== undefined)
        fail('argument', 'JSON.stringify takes null as second argument.');
      if (value === undefined) return undefined;
      return toJsonText(fuel, value, Math.min(10, Math.max(0, integer(fuel, indent, 0))));
    },
  },
};

function parseJson(fuel: Fuel, source: string): unknown {
  charge(fuel, source.length >> 2);
  let value: unknown;
  try {
    value = fuel.roundsNumbers ? JSON.parse(source) : parseCallerJson(source);
  } catch (error) {
    if (error instanceof InexactNumber) return fail('argument', `${error.message} ${error.hint}`);
    return fail('argument', `The text is not JSON: ${String((error as Error).message).slice(0, 120)}`);
  }
  checkCaps(fuel, value, 0);
  return value;
}

/** A parsed value is subject to the caps, like everything an expression makes. */
function checkCaps(fuel: Fuel, value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= MAX_EXPRESSION_DEPTH) fail('depth', `The JSON is nested deeper than ${MAX_EXPRESSION_DEPTH}.`);
  const entries = Object.values(value);
  if (Array.isArray(value)) chargeList(fuel, entries.length);
  else chargeProperties(fuel, entries.length);
  for (const entry of entries) checkCaps(fuel, entry, depth + 1);
}

const digits = (
  name: 'toFixed' | 'toPrecision',
  least: number,
  summary: string,
  example: readonly [string, unknown],
): LibraryMethod<number> => ({
  signature: `number.${name}(digits)`,
  summary,
  example,
  takes: [name === 'toFixed' ? 0 : 1, 1],
  run: (fuel, self, [count]) => {
    const places = integer(fuel, count, 0);
    if (places < least || places > 100) fail('argument', `.${name}() takes ${least} to 100 digits, not ${places}.`);
    chargeSince(3, fuel, places >> 2);
    return self[name](places);
  },
});

const numberToString: LibraryMethod<number> = {
  signature: 'number.toString(radix = 10)',
  summary: 'The number as text, in a base from 2 to 36.',
  example: ['(255).toString(16)', 'ff'],
  takes: [0, 1],
  run: (fuel, self, [radix]) => {
    const base = integer(fuel, radix, 10);
    if (base < 2 || base > 36) fail('argument', `A base is a number from 2 to 36, not ${base}.`);
    // Up to 1,100 digits for the smallest numbers in base 2.
    charge(fuel, base === 10 ? 1 : 70);
    return self.toString(base);
  },
};

/** Methods of numbers. */
export const numberMethods: Methods<number> = {
  toFixed: digits('toFixed', 0, 'The number as text, with that many decimals.', ['(2.5).toFixed(2)', '2.50']),
  toPrecision: digits('toPrecision', 1, 'The number as text, with that many significant digits.', [
    '(1234.5).toPrecision(2)',
    '1.2e+3',
  ]),
  toString: numberToString,
};

const booleanToString: LibraryMethod<boolean> = {
  signature: 'boolean.toString()',
  summary: "'true' or 'false'.",
  example: ['true.toString()', 'true'],
  takes: [0, 0],
  run: (_fuel, self) => String(self),
};

/** Methods of true and false. */
export const booleanMethods: Methods<boolean> = {
  toString: booleanToString,
};
