/**
 * Reads JSON without changing its numbers. `JSON.parse` silently reads 9007199254740993 as 9007199254740992 and 1e400
 * as infinity. Numbers with a point or an exponent are doubles by definition; of these, only infinite ones matter here.
 */

import type { Json } from './json.ts';
import { toPointer } from './pointer.ts';

/** A text without a match has no number that changes: 2^53 has 16 digits, and only a large exponent gives infinity. */
const SUSPICIOUS = /[0-9]{16}|[0-9][eE]\+?[0-9]{3}/;

const INTEGER = /^[-+]?[0-9]+$/;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const QUOTE = 34;
const BACKSLASH = 92;

/** A number in a caller's JSON that would become another number. */
export class InexactNumber extends Error {
  /** JSON Pointer to the number within the text; '' if the text is nothing but the number. */
  readonly path: string;
  readonly literal: string;
  readonly hint: string;

  constructor(path: string, literal: string) {
    super(`${inexactNumber(literal)}${path === '' ? '' : ` (${path})`}`);
    this.path = path;
    this.literal = literal;
    this.hint = quoteIt(literal);
  }
}

/** Says that a number is refused. */
export const inexactNumber = (literal: string): string => `The number ${clip(literal)} cannot be held exactly.`;

/** Says how to write a number that is refused. */
export const quoteIt = (literal: string): string => `Quote it, so that it is a text: "${clip(literal)}".`;

/**
 * Whether a number keeps its value: false for an integer of which a double would change a digit, and for an infinite
 * number. A number with a point or an exponent is a double. Numbers that JSON.stringify writes are always exact.
 *
 * @param literal as JSON, YAML or JavaScript spells it
 */
export function isExact(literal: string): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return Number.isFinite(value);
  if (INTEGER.test(literal)) return significant(String(value)) === significant(literal);
  return !/^0[xob]/i.test(literal);
}

/** Digits of a number without sign, point, exponent, and leading and trailing zeros. */
const significant = (number: string): string => number.replace(/e.*|[-+.]/g, '').replace(/^0+|0+$/g, '');

/**
 * Whether a number in a service's answer stays a number. All integers beyond 2^53 become text, even if a double happens
 * to hold them, because the ids in one list should be of one kind.
 */
function staysNumber(literal: string): boolean {
  const value = Number(literal);
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !INTEGER.test(literal));
}

/** A number in what a service answered, or its text if a double would change it. @param literal as JSON spells it */
export const serviceNumber = (literal: string): number | string => (staysNumber(literal) ? Number(literal) : literal);

/**
 * Parses JSON that a service answered: integers beyond 2^53, and infinite numbers, become texts with every digit.
 *
 * @example parseServiceJson('{"id": 7615917337495251231, "rate": 0.1}') // { id: '7615917337495251231', rate: 0.1 }
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseServiceJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  const quoted = quoteUnless(staysNumber, text);
  return quoted === text ? value : (JSON.parse(quoted) as Json);
}

/**
 * JSON that a service answered, for a library that parses it: `JSON.parse` makes of the result what `parseServiceJson`
 * makes of the text. A text that is not JSON stays as it is.
 */
export function withNumbersQuoted(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return quoteUnless(staysNumber, text);
}

/**
 * Parses JSON that a service answered, with each number as the text that stands there: for amounts and prices, which are
 * computed without floating point.
 *
 * @example parseNumbersAsText('{"usd": 2.30e-05}') // { usd: '2.30e-05' }
 * @throws SyntaxError as `JSON.parse` does
 */
export const parseNumbersAsText = (text: string): Json =>
  JSON.parse(text, (_, value: Json, context?: { readonly source: string }) =>
    typeof value === 'number' ? context!.source : value,
  ) as Json;

/**
 * Parses JSON that a caller sends: refuses numbers that would change, because the caller can write them as text.
 *
 * @throws SyntaxError as `JSON.parse` does; InexactNumber
 */
export function parseCallerJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  refuseInexact(text, value);
  return value;
}

/** The check of `parseCallerJson` for a text that has been parsed already. @throws InexactNumber */
export function refuseInexact(text: string, value: Json): void {
  const quoted = quoteUnless(isExact, text);
  if (quoted !== text) refuseDifference(value, JSON.parse(quoted) as Json);
}

/** Puts quotes around the numbers that cannot stay numbers. The text must be JSON. */
function quoteUnless(stays: (literal: string) => boolean, text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  let result = '';
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === 45 || (unit >= 48 && unit <= 57)) {
      NUMBER.lastIndex = at;
      const literal = NUMBER.exec(text)![0];
      if (!stays(literal)) {
        result += `${text.slice(copied, at)}"${literal}"`;
        copied = at + literal.length;
      }
      at += literal.length;
    } else at += 1;
  }
  return result + text.slice(copied);
}

/** Offset just after the string that begins here. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (let unit = text.charCodeAt(at); unit !== QUOTE; unit = text.charCodeAt(at)) at += unit === BACKSLASH ? 2 : 1;
  return at + 1;
}

/**
 * Looks for the first number that is a text in the other value. If a key appears twice, only its last value is
 * compared. Uses a list of open places instead of recursion, because the text may be nested too deep for the stack.
 */
function refuseDifference(value: Json, quoted: Json): void {
  const open: { value: Json; quoted: Json; path: Path | null }[] = [{ value, quoted, path: null }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, quoted, path } = next;
    if (typeof value === 'number') {
      if (typeof quoted === 'string') throw new InexactNumber(toPointer(segments(path)), quoted);
    } else if (typeof value === 'object' && value !== null) {
      const inside = quoted as { [key: string]: Json };
      const entries = Object.entries(value).map(([key, item]) => ({
        value: item,
        quoted: inside[key]!,
        path: { key, parent: path },
      }));
      for (const entry of entries.reverse()) open.push(entry);
    }
  }
}

interface Path {
  readonly key: string;
  readonly parent: Path | null;
}

function segments(path: Path | null): string[] {
  const keys: string[] = [];
  for (let step = path; step !== null; step = step.parent) keys.push(step.key);
  return keys.reverse();
}

const clip = (literal: string): string => (literal.length > 40 ? `${literal.slice(0, 40)}…` : literal);
