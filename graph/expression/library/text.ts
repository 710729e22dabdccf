import { MAX_EXPRESSION_LIST } from '../../limits.ts';
import { fail } from '../error.ts';
import { charge, chargeLook, chargeScan, chargeText } from '../fuel.ts';
import type { Fuel } from '../types.ts';
import { joinTexts, toNumber, toText } from '../values.ts';
import { integer } from './arguments.ts';
import { indexOf, lastIndexOf, split } from './text-search.ts';
import type { LibraryMethod, Methods } from './types.ts';

type TextMethod = LibraryMethod<string>;

/** The text, after paying for the first look into it. */
function looked(fuel: Fuel, text: string): string {
  chargeLook(fuel, text);
  return text;
}

/** A method that returns a text at most `growth` times as long. */
const plain = (
  name: string,
  growth: number,
  run: (self: string) => string,
  summary: string,
  example: readonly [string, unknown],
): TextMethod => ({
  signature: `text.${name}()`,
  summary,
  example,
  takes: [0, 0],
  run: (fuel, self) => {
    chargeText(fuel, self.length);
    charge(fuel, (self.length * (growth - 1)) >> 4);
    const result = run(self);
    chargeText(fuel, Math.max(0, result.length - self.length));
    return result;
  },
});

const slicing = (name: 'slice' | 'substring', summary: string, example: readonly [string, unknown]): TextMethod => ({
  signature: `text.${name}(from, to?)`,
  summary,
  example,
  takes: [0, 2],
  run: (fuel, self, [from, to]) => {
    const start = integer(fuel, from, 0);
    const end = integer(fuel, to, self.length);
    chargeLook(fuel, self);
    const result = name === 'slice' ? self.slice(start, end) : self.substring(start, end);
    chargeText(fuel, result.length);
    return result;
  },
});

const padding = (name: 'padStart' | 'padEnd', summary: string, example: readonly [string, unknown]): TextMethod => ({
  signature: `text.${name}(length, fill = ' ')`,
  summary,
  example,
  takes: [1, 2],
  run: (fuel, self, [length, fill]) => {
    const target = integer(fuel, length, 0);
    const filler = fill === undefined ? ' ' : toText(fill);
    if (target <= self.length || filler === '') return self;
    chargeText(fuel, target);
    return self[name](target, filler);
  },
});

const compared = (
  name: 'startsWith' | 'endsWith',
  summary: string,
  example: readonly [string, unknown],
): TextMethod => ({
  signature: `text.${name}(part)`,
  summary,
  example,
  takes: [1, 1],
  run: (fuel, self, [part]) => {
    const other = toText(part);
    chargeScan(fuel, other.length);
    return looked(fuel, self)[name](other);
  },
});

const textToString: LibraryMethod<string> = {
  signature: 'text.toString()',
  summary: 'Itself.',
  example: ["'a'.toString()", 'a'],
  takes: [0, 0],
  run: (_fuel, self) => self,
};

/** Methods of texts. */
export const textMethods: Methods<string> = {
  at: {
    signature: 'text.at(index)',
    summary: 'The character at the index; a negative index counts from the end.',
    example: ["'abc'.at(-1)", 'c'],
    takes: [0, 1],
    run: (fuel, self, [index]) => looked(fuel, self).at(integer(fuel, index, 0)),
  },
  charAt: {
    signature: 'text.charAt(index)',
    summary: "The character at the index, or ''.",
    example: ["'abc'.charAt(1)", 'b'],
    takes: [0, 1],
    run: (fuel, self, [index]) => looked(fuel, self).charAt(integer(fuel, index, 0)),
  },
  charCodeAt: {
    signature: 'text.charCodeAt(index)',
    summary: 'The UTF-16 code at the index, or NaN.',
    example: ["'A'.charCodeAt(0)", 65],
    takes: [0, 1],
    run: (fuel, self, [index]) => looked(fuel, self).charCodeAt(integer(fuel, index, 0)),
  },
  codePointAt: {
    signature: 'text.codePointAt(index)',
    summary: 'The Unicode code point at the index.',
    example: ["'😀'.codePointAt(0)", 128512],
    takes: [0, 1],
    run: (fuel, self, [index]) => looked(fuel, self).codePointAt(integer(fuel, index, 0)),
  },
  concat: {
    signature: 'text.concat(…parts)',
    summary: 'The text followed by the parts.',
    example: ["'a'.concat('b', 1)", 'ab1'],
    takes: [0, Number.POSITIVE_INFINITY],
    run: (fuel, self, args) => args.reduce<string>((joined, arg) => joinTexts(fuel, joined, toText(arg)), self),
  },
  includes: {
    signature: 'text.includes(part, from = 0)',
    summary: 'Whether the text contains the part.',
    example: ["'workflow'.includes('flow')", true],
    takes: [1, 2],
    run: (fuel, self, [part, from]) => indexOf(fuel, self, toText(part), integer(fuel, from, 0)) !== -1,
  },
  startsWith: compared('startsWith', 'Whether the text begins with the part.', [
    "'http.404'.startsWith('http.')",
    true,
  ]),
  endsWith: compared('endsWith', 'Whether the text ends with the part.', ["'report.csv'.endsWith('.csv')", true]),
  indexOf: {
    signature: 'text.indexOf(part, from = 0)',
    summary: 'The index of the first occurrence of the part, or -1.',
    example: ["'a-b-c'.indexOf('-')", 1],
    takes: [1, 2],
    run: (fuel, self, [part, from]) => indexOf(fuel, self, toText(part), integer(fuel, from, 0)),
  },
  lastIndexOf: {
    signature: 'text.lastIndexOf(part, from = length)',
    summary: 'The index of the last occurrence of the part, or -1.',
    example: ["'a-b-c'.lastIndexOf('-')", 3],
    takes: [1, 2],
    run: (fuel, self, [part, from]) => {
      const start = from === undefined ? Number.NaN : toNumber(fuel, from);
      return lastIndexOf(fuel, self, toText(part), Number.isNaN(start) ? self.length : start);
    },
  },
  slice: slicing('slice', 'The text from one index up to another; negative indices count from the end.', [
    "'abcdef'.slice(1, -2)",
    'bcd',
  ]),
  substring: slicing('substring', 'The text from one index up to another.', ["'abcdef'.substring(1, 3)", 'bc']),
  split: {
    signature: 'text.split(separator, limit?)',
    summary: "The pieces between the separators, as a list; '' splits the text into characters.",
    example: ["'a,b,c'.split(',')", ['a', 'b', 'c']],
    takes: [0, 2],
    run: (fuel, self, [separator, limit]) => {
      const most = limit === undefined ? MAX_EXPRESSION_LIST + 1 : integer(fuel, limit, 0) >>> 0;
      if (most === 0) return [];
      return separator === undefined ? [self] : split(fuel, self, toText(separator), most);
    },
  },
  trim: plain('trim', 1, (self) => self.trim(), 'The text without white space at both ends.', ["' a '.trim()", 'a']),
  trimStart: plain('trimStart', 1, (self) => self.trimStart(), 'The text without white space at the start.', [
    "' a '.trimStart()",
    'a ',
  ]),
  trimEnd: plain('trimEnd', 1, (self) => self.trimEnd(), 'The text without white space at the end.', [
    "' a '.trimEnd()",
    ' a',
  ]),
  toLowerCase: plain('toLowerCase', 3, (self) => self.toLowerCase(), 'The text in lower case.', [
    "'Ab'.toLowerCase()",
    'ab',
  ]),
  toUpperCase: plain('toUpperCase', 3, (self) => self.toUpperCase(), 'The text in upper case.', [
    "'Ab'.toUpperCase()",
    'AB',
  ]),
  padStart: padding('padStart', 'The text, filled up at the start to the length.', ["'7'.padStart(3, '0')", '007']),
  padEnd: padding('padEnd', 'The text, filled up at the end to the length.', ["'7'.padEnd(3, '.')", '7..']),
  repeat: {
    signature: 'text.repeat(count)',
    summary: 'The text repeated that many times.',
    example: ["'ab'.repeat(2)", 'abab'],
    takes: [1, 1],
    run: (fuel, self, [count]) => {
      const times = integer(fuel, count, 0);
      if (times < 0 || times === Number.POSITIVE_INFINITY)
        fail('argument', `A text cannot be repeated ${times} times.`);
      if (self === '' || times === 0) return '';
      chargeText(fuel, self.length * times);
      return self.repeat(times);
    },
  },
  replace: {
    signature: 'text.replace(part, replacement)',
    summary: 'The text with the first occurrence replaced. Both arguments are plain text: no patterns, no `$&`.',
    example: ["'a-b-c'.replace('-', '+')", 'a+b-c'],
    takes: [2, 2],
    run: (fuel, self, [part, replacement]) => {
      const search = toText(part);
      const other = toText(replacement);
      const at = indexOf(fuel, self, search);
      if (at === -1) return self;
      chargeText(fuel, self.length - search.length + other.length);
      return self.slice(0, at) + other + self.slice(at + search.length);
    },
  },
  replaceAll: {
    signature: 'text.replaceAll(part, replacement)',
    summary: 'The text with every occurrence replaced. Both arguments are plain text: no patterns, no `$&`.',
    example: ["'a-b-c'.replaceAll('-', '+')", 'a+b+c'],
    takes: [2, 2],
    run: (fuel, self, [part, replacement]) => replaceAll(fuel, self, toText(part), toText(replacement)),
  },
  toString: textToString,
};

function replaceAll(fuel: Fuel, self: string, part: string, replacement: string): string {
  const pieces = split(fuel, self, part, MAX_EXPRESSION_LIST + 1);
  // JavaScript finds the empty text before, between and after all characters.
  if (part === '') {
    pieces.unshift('');
    pieces.push('');
  }
  chargeText(fuel, self.length + (pieces.length - 1) * (replacement.length - part.length));
  return pieces.join(replacement);
}
