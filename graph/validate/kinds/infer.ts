import { ARITHMETIC, COMPARISON } from '../../expression/ast.ts';
import { nameInSource } from '../../expression/library/index.ts';
import { namesOf } from './chains.ts';
import { either, type Knowledge, type Known, notNull, ofConstant, ofKind, ofSchemas, orNull } from './kinds.ts';
import { type Read, readOf, type Site, schemasOf } from './read.ts';
import { writtenKind } from './written.ts';

/** The results of methods that return the same kind whatever they are called on. */
const METHODS: ReadonlyMap<string, Known> = new Map([
  ...['trim', 'trimStart', 'trimEnd', 'toUpperCase', 'toLowerCase', 'padStart', 'padEnd', 'repeat', 'replace'].map(
    (name) => [name, ofKind('string')] as const,
  ),
  ...['replaceAll', 'join', 'toFixed', 'toString', 'charAt'].map((name) => [name, ofKind('string')] as const),
  ...['includes', 'startsWith', 'endsWith', 'some', 'every'].map((name) => [name, ofKind('boolean')] as const),
  ...['indexOf', 'lastIndexOf', 'findIndex'].map((name) => [name, ofKind('number')] as const),
  ...['map', 'filter', 'flat', 'flatMap', 'sort', 'toSorted', 'reverse', 'toReversed', 'split'].map(
    (name) => [name, ofKind('array')] as const,
  ),
]);

/** The results of functions of the library. */
const FUNCTIONS: ReadonlyMap<string, Known> = new Map(
  (
    [
      [ofKind('number'), 'Number parseInt parseFloat Date.parse date.get date.diff duration.ms'],
      [ofKind('boolean'), 'Boolean Array.isArray Object.hasOwn Number.isInteger Number.isNaN Number.isFinite'],
      [ofKind('boolean'), 'empty regex.test'],
      [ofKind('array'), 'Object.keys Object.values Object.entries unique regex.matchAll extract.emails extract.urls'],
      [ofKind('array', 'null'), 'regex.match'],
      [
        ofKind('string'),
        'String JSON.stringify encodeURIComponent base64.encode base64.decode titleCase regex.replace',
      ],
      [ofKind('string'), 'date.iso date.add date.startOf date.endOf date.format date.at date.next duration.format'],
      [ofKind('string'), 'hash.sha1 hash.sha256 hash.sha512 hash.md5 hash.hmac format.number format.percent'],
      [ofKind('string', 'null'), 'date.parse extract.email extract.url extract.domain'],
    ] as const
  ).flatMap(([known, names]) => names.split(' ').map((name) => [name, known] as const)),
);

const TYPE_NAMES = ['string', 'number', 'boolean', 'object', 'undefined'];

const NUMERIC: ReadonlySet<unknown> = new Set([...ARITHMETIC.filter((operator) => operator !== '+'), 'n', 'u-', 'u+']);
const BOOLEAN: ReadonlySet<unknown> = new Set([...COMPARISON, '!']);

/** What is known about the value of an expression, or of a part of it, before it runs; null: it can be anything. */
export function infer(child: unknown, site: Site): Knowledge {
  if (!Array.isArray(child)) return ofConstant(child as never);
  const [kind] = child;
  if (NUMERIC.has(kind)) return ofKind('number');
  if (BOOLEAN.has(kind)) return ofKind('boolean');
  switch (kind) {
    case 'k':
      return ofConstant(child[1]);
    case 'u':
      return ofConstant(null);
    case 'ty':
      return { kinds: new Set(['string']), words: TYPE_NAMES };
    case '`':
      return ofKind('string');
    case '[':
      return ofKind('array');
    case '{':
      return ofKind('object');
    case '+':
      return sum(child.slice(2).map((each) => infer(each, site)));
    case '?':
      // Every second part is a test, except the last.
      return either(
        child.slice(1).flatMap((each, at) => (at % 2 === 1 || at === child.length - 2 ? [infer(each, site)] : [])),
      );
    case '&&':
      return either(child.slice(1).map((each) => infer(each, site)));
    case '||':
    case '??':
      return either(
        child.slice(1).map((each, at) => (at < child.length - 2 ? notNull(infer(each, site)) : infer(each, site))),
      );
    case 'f':
      return FUNCTIONS.get(nameInSource(child[2])) ?? (String(child[2]).startsWith('Math.') ? ofKind('number') : null);
    case '.':
      return chain(child, site);
  }
  return null;
}

/** `+` joins texts and adds numbers. */
function sum(operands: readonly Knowledge[]): Knowledge {
  const isText = (each: Knowledge): boolean => each !== null && each.kinds.size === 1 && each.kinds.has('string');
  const isNoText = (each: Knowledge): boolean => each !== null && !each.kinds.has('string');
  if (operands.some(isText)) return ofKind('string');
  return operands.every(isNoText) ? ofKind('number') : null;
}

function chain(node: readonly unknown[], site: Site): Knowledge {
  const last = node.at(-1);
  if (Array.isArray(last) && (last[0] === 'm' || last[0] === '?m')) {
    const found = METHODS.get(last[1]) ?? null;
    return last[0] === 'm' && !hasOptional(node) ? found : orNull(found);
  }
  if (typeof node[2] !== 'string') return null;
  const path = namesOf(node);
  // A computed member, or something beyond a call.
  if (path.length < node.length - 3) return null;
  const read = readOf(node[2], path, site);
  if (read === null) return writtenKind(node[2], path, site);
  const found = schemasOf(read);
  if (found === null || found.length === 0) return read.path.at(-1) === 'length' ? lengthOf(read) : null;
  const value = ofSchemas(found, read.schema);
  // A field may be missing; so may a node's output and an error as a whole.
  return read.path.length > 0 || ['nodes', 'errors', 'error'].includes(node[2]) ? orNull(value) : value;
}

const hasOptional = (node: readonly unknown[]): boolean =>
  node.slice(3).some((segment) => Array.isArray(segment) && String(segment[0]).startsWith('?'));

/** `length` of a value that is certainly a text or a list. */
function lengthOf({ schema, path }: Read): Knowledge {
  const around = schemasOf({ schema, path: path.slice(0, -1) });
  const value = around === null ? null : notNull(ofSchemas(around, schema));
  const sized =
    value !== null && value.kinds.size > 0 && [...value.kinds].every((kind) => kind === 'string' || kind === 'array');
  return sized ? orNull(ofKind('number')) : null;
}
