/** What the parser can say of a constant argument: at publish time, not when the workflow runs. */
import { ExpressionError, fail } from './error.ts';
import { datePattern, part } from './library/date.ts';
import { readable, readTime } from './library/date-parse.ts';
import { unit } from './library/date-units.ts';
import { algorithm, bytesAs } from './library/hash.ts';
import { compilePattern, flagsOf } from './library/regex-program.ts';
import { clock } from './library/time-of-day.ts';
import type { ArgumentKind } from './library/types.ts';
import { pathOf } from './library/values.ts';
import { kindOf } from './values.ts';
import { isZone } from './zone-rules.ts';

type Constant = string | number | boolean | null;

/** Reads a constant as its function will, and throws as that would. */
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
  datePattern,
  regex: (value) => compilePattern(value, 0),
  flags: flagsOf,
  algorithm,
  bytesAs,
  path: pathOf,
  readablePattern: (value) => value === null || readable(datePattern(value)),
};

const wrong = (what: string, value: Constant): never => fail('type', `It must be ${what}, not ${kindOf(value)}.`);

/** Why a constant cannot be an argument of that kind, or null if it can. */
export function constantProblem(kind: ArgumentKind, value: Constant): string | null {
  try {
    READERS[kind](value);
    return null;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}
