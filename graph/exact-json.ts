/**
 * JSON without numbers that change. `JSON.parse` reads 9007199254740993 as 9007199254740992 and 1e400 as infinity, and
 * says nothing. Numbers with a point or an exponent are doubles by definition; only the infinite ones count here.
 */

import type { Json } from './json.ts';
import { toPointer } from './pointer.ts';

/** A text without this holds no such number: 2^53 has 16 digits, and only a large exponent reaches infinity. */
const SUSPICIOUS = /[0-9]{16}|[0-9][eE]\+?[0-9]{3}/;

const INTEGER = /^[-+]?[0-9]+$/;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const QUOTE = 34;
const BACKSLASH = 92;

/** A number in a caller's JSON that would become another one. */
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
 * Whether a number stays what it is: false for an integer of which a double would change a digit, and for what is
 * infinite. A point or an exponent makes it a double. What JSON.stringify writes is always exact.
 *
 * @param literal as JSON, YAML or JavaScript spells it
 */
export function isExact(literal: string): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) return Number.isFinite(value);
  if (INTEGER.test(literal)) return significant(String(value)) === significant(literal);
  return !/^0[xob]/i.test(literal);
}

/** Digits of a number without sign, point, exponent and the zeros around. */
const significant = (number: string): string => number.replace(/e.*|[-+.]/g, '').replace(/^0+|0+$/g, '');

/**
 * Whether a number of a service stays a number. All integers beyond 2^53 become text, also those that a double happens
 * to hold: ids of one list should be of one kind.
 */
function staysNumber(literal: string): boolean {
  const value = Number(literal);
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !INTEGER.test(literal));
}

/**
 * Parses JSON that a service answered: integers beyond 2^53, and what is infinite, become texts with every digit.
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
 * Parses JSON that a caller sends: refuses numbers that would change, because the caller can write them as text.
 *
 * @throws SyntaxError as `JSON.parse` does; InexactNumber
 */
export function parseCallerJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  refuseInexact(text, value);
  return value;
}

/** The check of `parseCallerJson` for a text that is parsed already. @throws InexactNumber */
export function refuseInexact(text: string, value: Json): void {
  const quoted = quoteUnless(isExact, text);
  if (quoted !== text) refuseDifference(value, JSON.parse(quoted) as Json);
}

/** Puts quotes around the numbers that cannot stay. The text must be JSON. */
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

/** Offset behind the string that begins here. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (let unit = text.charCodeAt(at); unit !== QUOTE; unit = text.charCodeAt(at)) at += unit === BACKSLASH ? 2 : 1;
  return at + 1;
}

/**
 * Looks for the first number that is a text in the other value. Of a key that stands twice only the last value is
 * there. A list of open places, not the stack, because the text may be nested deeper than a stack is.
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
