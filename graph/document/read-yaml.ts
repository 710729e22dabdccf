import {
  Composer,
  CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type Scalar,
} from 'yaml';
import { inexactNumber, isExact, quoteIt } from '../exact-json.ts';
import { MAX_DOCUMENT_NESTING } from '../limits.ts';
import { escapeSegment } from '../pointer.ts';
import { createReport, isBrokenText, type Reading, type Report } from './reading.ts';
import type { Place } from './source.ts';

/** Most tokens of one text: more than the largest graph needs, and about a second of reading. */
const MAX_TOKENS = 250_000;

/** Most syntax errors shown, because after the first few the reader only guesses. */
const MAX_ERRORS = 5;

/** The parts of YAML that the language leaves out, by the kind of token. */
const REFUSED: Readonly<Record<string, string>> = {
  anchor: 'anchors',
  alias: 'aliases',
  tag: 'tags',
  'directive-line': 'directives',
};

/**
 * Reads YAML 1.2 (core schema) with the place of every value. Everything that JSON cannot say is refused while the text
 * is still a stream of tokens, because the composer needs quadratic time, or a deep stack, for hostile input.
 */
export function readYaml(text: string): Reading {
  const { document, report, problems } = readDocument(text);
  if (document === null) return { problems };
  const converted = convert(document.contents, '', { text, report });
  return { ...converted, problems };
}

/** The nodes of a YAML text as its library sees them, and the value they stand for; null if the text has a problem. */
export function readYamlNodes(text: string): { readonly root: Node | null; readonly value: unknown } | null {
  const { document, report, problems } = readDocument(text);
  if (document === null) return null;
  const { value } = convert(document.contents, '', { text, report });
  return problems.length > 0 ? null : { root: document.contents, value };
}

/** The document of a text; null if there are problems. */
function readDocument(text: string) {
  const { report, problems } = createReport(text);
  checkTokens(text, report);
  if (problems.length > 0) return { document: null, report, problems };
  const document = compose(text, report);
  for (const error of document?.errors.slice(0, MAX_ERRORS) ?? []) {
    report('syntax', error.pos[0], sentence(error.message), '', hintFor(text, error.pos[0]));
  }
  return { document: problems.length > 0 ? null : document, report, problems };
}

/** Walks the tokens and refuses parts of YAML that the language leaves out, and nesting too deep for the stack. */
function checkTokens(text: string, report: Report): void {
  let offset = 0;
  let count = 0;
  let depth = 0;
  let scalar = false;
  let separator = false;
  for (const token of new Lexer().lex(text)) {
    const type: string | null = scalar ? 'scalar-text' : CST.tokenType(token);
    scalar = type === 'scalar';
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue;
    count += 1;
    const refused = type === null ? undefined : REFUSED[type];
    if (refused !== undefined) {
      return report(
        'not-plain-yaml',
        offset,
        `\`${token.slice(0, 40)}\`: YAML's ${refused} are not part of the language.`,
      );
    }
    if (type === 'flow-map-start' || type === 'flow-seq-start') depth += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') depth -= 1;
    if (depth > MAX_DOCUMENT_NESTING || count > MAX_TOKENS) {
      return report(
        'too-large',
        offset,
        depth > MAX_DOCUMENT_NESTING ? nestedTooDeep : 'The document has too many parts.',
      );
    }
    if (type === 'comma' && separator) return report('syntax', offset, 'A value is expected before this comma.');
    if (type !== 'space' && type !== 'newline' && type !== 'comment') {
      separator = type === 'comma' || type === 'flow-map-start' || type === 'flow-seq-start';
    }
    offset += token.length;
  }
}

const nestedTooDeep = `Lists and maps are nested more than ${MAX_DOCUMENT_NESTING} deep.`;

/** The one document of the text, or null with a problem reported. */
function compose(text: string, report: Report): Document.Parsed | null {
  const tokens: CST.Token[] = [];
  for (const token of new Parser().parse(text)) {
    const deep = tooDeep(token);
    if (deep !== null) {
      report('too-large', deep, nestedTooDeep);
      return null;
    }
    tokens.push(token);
  }
  const options = { version: '1.2', schema: 'core', uniqueKeys: false, merge: false } as const;
  const documents = [...new Composer(options).compose(tokens, true, text.length)];
  const [first, second] = documents;
  if (second !== undefined) {
    report(
      'not-plain-yaml',
      second.range[0],
      'The text holds more than one document.',
      '',
      'Write one graph per file.',
    );
    return null;
  }
  return first ?? null;
}

/** Offset at which a token of the parser nests too deep, or null. Uses a list, because recursion could overflow. */
function tooDeep(root: CST.Token): number | null {
  const left: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DOCUMENT_NESTING) return token.offset;
    if (token.type === 'document' && token.value) left.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) left.push({ token: key, depth: depth + 1 });
      if (value) left.push({ token: value, depth: depth + 1 });
    }
  }
  return null;
}

interface Conversion {
  readonly text: string;
  readonly report: Report;
}

function convert(node: unknown, path: string, conversion: Conversion, at = 0): { value: unknown; place: Place } {
  if (isMap(node)) {
    const value: Record<string, unknown> = {};
    const items = new Map<string, Place>();
    for (const pair of node.items) addField(pair as Pair, path, conversion, value, items);
    return { value, place: { start: node.range?.[0] ?? at, items } };
  }
  if (isSeq(node)) {
    const items = new Map<string, Place>();
    const value = node.items.map((item, index) => {
      const read = convert(item, `${path}/${index}`, conversion, at);
      items.set(String(index), read.place);
      return read.value;
    });
    return { value, place: { start: node.range?.[0] ?? at, items } };
  }
  if (isScalar(node)) return { value: scalarValue(node, path, conversion), place: { start: node.range?.[0] ?? at } };
  return { value: null, place: { start: at } };
}

function addField(
  pair: Pair,
  path: string,
  conversion: Conversion,
  value: Record<string, unknown>,
  items: Map<string, Place>,
): void {
  const node = pair.key;
  const keyAt = isScalar(node) || isMap(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
  const key = isScalar(node) ? keyText(node) : null;
  const inner = key === null ? path : `${path}/${escapeSegment(key)}`;
  if (key === null) return conversion.report('bad-key', keyAt, 'A key must be a text.', inner);
  if (key === '__proto__' || isBrokenText(key)) {
    return conversion.report(
      'bad-key',
      keyAt,
      key === '__proto__' ? 'The key `__proto__` is not allowed.' : 'The key holds half a Unicode surrogate pair.',
      inner,
    );
  }
  if (key === '<<')
    return conversion.report('not-plain-yaml', keyAt, "`<<`: YAML's merge keys are not part of the language.", inner);
  if (items.has(key)) return conversion.report('duplicate-key', keyAt, `The key \`${key}\` appears twice.`, inner);
  const read = convert(pair.value, inner, conversion, keyAt);
  value[key] = read.value;
  items.set(key, { ...read.place, key: keyAt });
}

/** A key as JSON spells it: numbers and booleans as they are written; null if the key is empty. */
function keyText(node: Scalar): string | null {
  if (typeof node.value === 'string') return node.value;
  return node.value === null ? null : (node.source ?? String(node.value));
}

function scalarValue(node: Scalar, path: string, { report }: Conversion): unknown {
  const { value } = node;
  const at = node.range?.[0] ?? 0;
  if (typeof value === 'string' && isBrokenText(value)) {
    report('bad-text', at, 'The text holds half a Unicode surrogate pair.', path);
    return value.toWellFormed();
  }
  if (typeof value === 'number') {
    const source = node.source ?? String(value);
    const lost = /^[-+]?0[0-9]/.test(source) ? 'leading zero' : /^\+\.?[0-9]/.test(source) ? 'plus sign' : null;
    if (lost !== null) {
      report('bad-text', at, `The number ${source.slice(0, 40)} would lose its ${lost}.`, path, quoteIt(source));
    } else if (!isExact(source)) report('bad-text', at, inexactNumber(source), path, quoteIt(source));
    // A stand-in for a number that has been reported, so that the checks of everything else go on.
    return Number.isFinite(value) ? value : 0;
  }
  return value;
}

/** A hint for the usual mistake: an unquoted expression inside a flow map or list. */
function hintFor(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? undefined : end).includes('${{')
    ? 'Put texts with `${{ }}` in quotes.'
    : undefined;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
