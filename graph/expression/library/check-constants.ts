/** What the parser can say about a constant argument: at publish time, not when the workflow runs. */
import { MAX_REGEX_EXTENT } from '../../limits.ts';
import { ExpressionError, fail } from '../error.ts';
import { kindOf } from '../values.ts';
import { algorithm, bytesAs } from './hash.ts';
import { compilePattern, flagsOf, patternExtent } from './regex-program.ts';
import { datePattern, part } from './time/date-edition.ts';
import { readable, readTime } from './time/date-parse.ts';
import { unit } from './time/date-units.ts';
import { clock } from './time/time-of-day.ts';
import { isZone } from './time/zone-rules.ts';
import type { ArgumentKind } from './types.ts';
import { pathOf } from './values.ts';

/** A constant argument. */
export type Constant = string | number | boolean | null;

/** Reads a constant as its function will read it, and throws what the function would throw. */
const READERS: Readonly<Record<ArgumentKind, (value: Constant) => unknown>> = {
  text: (value) => (typeof value === 'string' ? value : wrong('a text', value)),
  list: (value) => wrong('a list', value),
  time: (value) => {
    if (typeof value === 'number') return value;
    if (typeof value !== 'string') return wrong('a time', value);
    return readTime(value) ?? fail('argument', `Not a time: ${value.slice(0, 60)}. Write it as 2026-01-31T12:00:00Z.`);
  },
  unit,
  part: (value) => part(value),
  clock,
  zone: (value) => {
    if (typeof value !== 'string') return wrong("a time zone such as 'Europe/Berlin'", value);
    return isZone(value) || fail('argument', `There is no time zone "${value.slice(0, 60)}".`);
  },
  datePattern: (value) => ownTokens(datePattern(value)),
  regex: pattern,
  flags: flagsOf,
  algorithm,
  bytesAs,
  path: pathOf,
  readablePattern: (value) => value === null || readable(ownTokens(datePattern(value))),
};

/** Parts of patterns in other libraries, and what is written here. They would stay in the text as they are. */
const FOREIGN_TOKENS: readonly (readonly [RegExp, string])[] = [
  [/yyyy|yy/, 'YYYY'],
  [/(?<!d)dd(?!d)/, 'DD'],
  [/Do/, 'D'],
  [/E{3,4}/, 'ddd'],
];

function ownTokens(pattern: string): string {
  const bare = pattern.replaceAll(/\[[^\]]*\]/g, ' ');
  for (const [foreign, own] of FOREIGN_TOKENS) {
    const found = foreign.exec(bare)?.[0];
    if (found !== undefined)
      fail('argument', `"${found}" is not a part of a pattern. Write ${own}, or [${found}] for these letters.`);
  }
  return pattern;
}

/**
 * A pattern is compiled only if that costs little for its length, because a document may hold thousands. What is wrong
 * with a longer program is found out when it runs.
 */
function pattern(value: Constant): unknown {
  const { size, classes } = patternExtent(String(value));
  const isQuick = size + QUICK.perClass * classes <= QUICK.least + QUICK.perCharacter * String(value).length;
  return isQuick || size > QUICK.surelyTooLarge ? compilePattern(value, 0) : value;
}

/** Instructions that are compiled at once; a class of Unicode counts as several. */
const QUICK = { least: 60, perCharacter: 2, perClass: 10, surelyTooLarge: MAX_REGEX_EXTENT };

const wrong = (what: string, value: Constant): never => fail('type', `It must be ${what}, not ${kindOf(value)}.`);

/** `\\d` with one backslash, which JavaScript drops silently (and `\\b` is a backspace). */
const LOST_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\[^\\'"`nrtfvux0\n]/;

/**
 * Why a constant cannot be an argument of that kind, or null if it can.
 *
 * @param raw the constant as it is written
 */
export function constantProblem(kind: ArgumentKind, value: Constant, raw: string): string | null {
  if (kind === 'regex' && LOST_ESCAPE.test(raw)) {
    return "In a text a backslash is written twice: '\\\\d+'. (Within double quotes YAML also removes one of each two.)";
  }
  try {
    READERS[kind](value);
    return null;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
