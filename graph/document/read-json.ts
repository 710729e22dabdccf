import { inexactNumber, isExact, quoteIt } from '../exact-json.ts';
import { MAX_DOCUMENT_NESTING } from '../limits.ts';
import { escapeSegment } from '../pointer.ts';
import { createReport, isBrokenText, type Reading, type Report } from './reading.ts';
import type { Place } from './source.ts';

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const SPACE = /[ \t\n\r]*/y;
/** Everything a text may hold unescaped: no control character, double quote or backslash. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Thrown to end the reading; the problem has been reported. */
class Stop extends Error {}

interface Reader {
  readonly text: string;
  readonly report: Report;
  at: number;
}

/** Reads JSON (RFC 8259) with the place of every value. Reports the first syntax error, and every duplicate key. */
export function readJson(text: string): Reading {
  const { report, problems } = createReport(text);
  const reader: Reader = { text, report, at: text.startsWith('\uFEFF') ? 1 : 0 };
  try {
    const { value, place } = readValue(reader, '', 0);
    skipSpace(reader);
    if (reader.at < text.length) fail(reader, 'There is more text after the end of the document.');
    return { value, place, problems };
  } catch (thrown) {
    if (thrown instanceof Stop) return { problems };
    throw thrown;
  }
}

function readValue(reader: Reader, path: string, depth: number): { value: unknown; place: Place } {
  skipSpace(reader);
  const start = reader.at;
  const first = reader.text[start];
  if (first === '{' || first === '[') {
    if (depth >= MAX_DOCUMENT_NESTING) {
      reader.report('too-large', start, `Lists and maps are nested more than ${MAX_DOCUMENT_NESTING} deep.`, path);
      throw new Stop();
    }
    return first === '{' ? readObject(reader, path, depth) : readArray(reader, path, depth);
  }
  if (first === '"') return { value: readString(reader, path), place: { start } };
  const number = take(reader, NUMBER);
  if (number !== '') return { value: toNumber(reader, number, start, path), place: { start } };
  const word = take(reader, WORD);
  if (word === 'true' || word === 'false') return { value: word === 'true', place: { start } };
  if (word === 'null') return { value: null, place: { start } };
  reader.at = start;
  if (first === undefined) return fail(reader, 'The text ends where a value is expected.');
  if (first === "'") return fail(reader, 'JSON texts are in double quotes.');
  refuseComment(reader);
  if (word !== '') return fail(reader, `\`${word.slice(0, 40)}\` is not a JSON value; texts are in double quotes.`);
  return fail(reader, `A value cannot begin with \`${first}\`.`);
}

function readObject(reader: Reader, path: string, depth: number): { value: unknown; place: Place } {
  const start = reader.at++;
  const value: Record<string, unknown> = {};
  const items = new Map<string, Place>();
  for (let more = !closes(reader, '}', false); more; more = !closes(reader, '}', true)) {
    skipSpace(reader);
    const keyAt = reader.at;
    refuseComment(reader);
    if (reader.text[keyAt] !== '"') fail(reader, 'A key in double quotes is expected.');
    const key = readString(reader, path);
    const inner = `${path}/${escapeSegment(key)}`;
    skipSpace(reader);
    if (reader.text[reader.at] !== ':') fail(reader, `A colon is expected after the key \`${key.slice(0, 40)}\`.`);
    reader.at += 1;
    const read = readValue(reader, inner, depth + 1);
    if (items.has(key)) reader.report('duplicate-key', keyAt, `The key \`${key}\` appears twice.`, inner);
    else if (key === '__proto__') reader.report('bad-key', keyAt, 'The key `__proto__` is not allowed.', inner);
    else {
      value[key] = read.value;
      items.set(key, { ...read.place, key: keyAt });
    }
  }
  return { value, place: { start, items } };
}

function readArray(reader: Reader, path: string, depth: number): { value: unknown; place: Place } {
  const start = reader.at++;
  const value: unknown[] = [];
  const items = new Map<string, Place>();
  for (let more = !closes(reader, ']', false); more; more = !closes(reader, ']', true)) {
    const read = readValue(reader, `${path}/${value.length}`, depth + 1);
    items.set(String(value.length), read.place);
    value.push(read.value);
  }
  return { value, place: { start, items } };
}

/** True at the closing bracket; else consumes the comma that must stand between two entries. */
function closes(reader: Reader, bracket: '}' | ']', comma: boolean): boolean {
  skipSpace(reader);
  const next = reader.text[reader.at];
  if (next === bracket) {
    reader.at += 1;
    return true;
  }
  if (!comma) return false;
  if (next === undefined) fail(reader, `The text ends before \`${bracket}\`.`);
  if (next !== ',') fail(reader, `A comma or \`${bracket}\` is expected.`);
  const at = reader.at;
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === bracket) {
    reader.at = at;
    fail(reader, `JSON has no comma before \`${bracket}\`.`, 'Remove the comma.');
  }
  return false;
}

function readString(reader: Reader, path: string): string {
  const start = reader.at++;
  let result = '';
  for (;;) {
    result += take(reader, PLAIN);
    const next = reader.text[reader.at];
    if (next === '"') break;
    if (next === undefined || next === '\n' || next === '\r') {
      reader.at = start;
      fail(reader, 'The closing double quote is missing.');
    }
    if (next !== '\\')
      fail(reader, 'A control character in a text must be written as an escape.', 'Write `\\t`, `\\n` or `\\u00XX`.');
    result += readEscape(reader);
  }
  reader.at += 1;
  if (!isBrokenText(result)) return result;
  reader.report('bad-text', start, 'The text holds half a Unicode surrogate pair.', path);
  return result.toWellFormed();
}

function readEscape(reader: Reader): string {
  const letter = reader.text[reader.at + 1] ?? '';
  if (letter === 'u') {
    const digits = reader.text.slice(reader.at + 2, reader.at + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) fail(reader, 'After `\\u` four hexadecimal digits are expected.');
    reader.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
  const meant = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (meant === undefined)
    return fail(reader, `\`\\${letter}\` is not a JSON escape.`, 'Write `\\\\` for a backslash.');
  reader.at += 2;
  return meant;
}

function toNumber(reader: Reader, source: string, start: number, path: string): number {
  if (/[0-9A-Za-z_.]/.test(reader.text[reader.at] ?? '')) {
    const hint = /^-?0$/.test(source) ? 'A number does not begin with 0; quote it if it is a text.' : undefined;
    fail(reader, 'This is not a JSON number.', hint);
  }
  if (!isExact(source)) reader.report('bad-text', start, inexactNumber(source), path, quoteIt(source));
  const value = Number(source);
  // A stand-in for a number that has been reported, so that the checks of everything else go on.
  return Number.isFinite(value) ? value : 0;
}

/** The message about a comment in JSON, which must not be tried as YAML: YAML would read `// x` as a key. */
export const NO_COMMENTS = 'JSON has no comments.';

function refuseComment(reader: Reader): void {
  if (/^(?:#|\/[/*])/.test(reader.text.slice(reader.at, reader.at + 2)))
    fail(reader, NO_COMMENTS, 'Remove it, or write the graph in YAML, where comments begin with `#`.');
}

function skipSpace(reader: Reader): void {
  take(reader, SPACE);
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0] ?? '';
  reader.at += found.length;
  return found;
}

function fail(reader: Reader, message: string, hint?: string): never {
  reader.report('syntax', reader.at, message, '', hint);
  throw new Stop();
}
