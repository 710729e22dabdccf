import { positionIn } from '../../document/source.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';

/** Longest last line that is checked. */
const MAX_LINE = 1_000;
/** Errors that a word cut in two causes in the last line. */
const BREAKS_OFF: ReadonlySet<string> = new Set(['expression-unclosed', 'unknown-type', 'unknown-key']);
/** A comment or a line of dots that marks something left out. */
const ELISION =
  /^\s*(?:#\s*)?(?:\.\.\.|…)\s*(?:\(?(?:rest|remaining|more|other|etc|and so on|continue[sd]?|truncated)\b.{0,60})?$|^\s*#\s*(?:\.\.\.|…)?\s*(?:rest|remaining|more)\b.{0,60}(?:\.\.\.|…|unchanged|omitted|here)\s*$/i;
/** A key and nothing after it. */
const BARE_KEY = /^\s*(?:- )?[A-Za-z_][\w-]*:\s*$/;
/** A line of YAML that ends in plain text: a key, and words without quotes or brackets. */
const PLAIN_END = /^\s*(?:- )?[A-Za-z_][\w-]*:\s+(?!["'[{|>&*!#])(?=.*[A-Za-z]{2})(?!.*[.!?"'\]})]\s*$).{12,}$/;

/**
 * Finds a document that may have been cut off: by a model that ran out of tokens, or while it was copied. A text that
 * breaks off within brackets or quotes is an error already (`atEnd`: where it was found); a text that breaks off
 * between lines is a graph like any other, and only its end shows that something is missing.
 */
export function cutOff(text: string, errors: readonly Problem[]): Problem[] {
  const end = text.trimEnd();
  const lines = end.split('\n');
  if (lines.length < 2) return [];
  const last = lines.at(-1)!;
  const why = reason(last, text.length === end.length, errors, lines.length);
  if (why === null) return [];
  return [{ ...problem('cut-off', '', why), ...positionIn(text)(end.length - last.trimStart().length) }];
}

function reason(last: string, unterminated: boolean, errors: readonly Problem[], line: number): string | null {
  const broken = errors.filter((found) => (found.line ?? 0) >= line);
  // A text that ends in a bracket or a quote is complete; its error is a different one, unless it is at the very end.
  const ended = /[\]}"']$/.test(last);
  const isAtEnd = (found: Problem): boolean => (found.line ?? 0) > line || (found.column ?? 0) > last.length;
  if (broken.some((found) => found.code === 'syntax' && (!ended || isAtEnd(found))))
    return 'The text breaks off in the middle of a value.';
  if (last.length > MAX_LINE) return null;
  if (ELISION.test(last)) return 'The text ends in a mark for something left out.';
  if (BARE_KEY.test(last)) return `The text ends in a key without a value, \`${last.trim()}\`.`;
  const within = (!ended && broken.some(({ code }) => BREAKS_OFF.has(code))) || PLAIN_END.test(last);
  return unterminated && within ? 'The text ends within a line, and without a line break.' : null;
}
