import type { Json, JsonSchema } from '../../json.ts';
import { accepts, wordsOf } from '../../schemas/schema-walk.ts';

/** A kind of value as expressions tell them apart; undefined counts as null. */
export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** What is known about a value before it exists: its kinds, and the constants it is limited to, if any. */
export interface Known {
  readonly kinds: ReadonlySet<Kind>;
  readonly words?: readonly Json[];
}

/** Null: the value can be anything. */
export type Knowledge = Known | null;

/** Most constants that are remembered of a schema, because each comparison looks at all of them. */
const MAX_WORDS = 200;

const KINDS: readonly Kind[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** Names of kinds for messages. */
const NAMES: Readonly<Record<Kind, string>> = {
  null: 'null',
  boolean: 'true or false',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'a map',
};

/** A value of one of these kinds. */
export const ofKind = (...kinds: Kind[]): Known => ({ kinds: new Set(kinds) });

/** A constant. */
export function ofConstant(value: Json): Known {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : (typeof value as Kind);
  return { kinds: new Set([kind]), words: [value] };
}

/** A value that fits one of these schemas, which are parts of the schema `root`. */
export function ofSchemas(schemas: readonly JsonSchema[], root: JsonSchema): Knowledge {
  const within = { root, depth: 0 };
  const takes = (kind: string): boolean => schemas.some((schema) => accepts(schema, kind, within));
  const kinds = KINDS.filter((kind) => takes(kind) || (kind === 'number' && takes('integer')));
  if (kinds.length === 0 || kinds.length === KINDS.length) return null;
  const words = schemas.map(wordsOf);
  const few = words.reduce((sum, each) => sum + (each?.length ?? MAX_WORDS), 0) < MAX_WORDS;
  return few ? { kinds: new Set(kinds), words: words.flat() as Json[] } : { kinds: new Set(kinds) };
}

/** One of several values. */
export function either(values: readonly Knowledge[]): Knowledge {
  const kinds = new Set<Kind>();
  const words: Json[] = [];
  let limited = true;
  for (const value of values) {
    if (value === null) return null;
    for (const kind of value.kinds) kinds.add(kind);
    if (value.words === undefined) limited = false;
    else words.push(...value.words);
  }
  return limited ? { kinds, words } : { kinds };
}

/** The same, or null. */
export function orNull(value: Knowledge): Knowledge {
  return value === null ? null : either([value, ofConstant(null)]);
}

/** The same, but not null. */
export function notNull(value: Knowledge): Knowledge {
  if (value === null) return null;
  const kinds = new Set([...value.kinds].filter((kind) => kind !== 'null'));
  return value.words === undefined ? { kinds } : { kinds, words: value.words.filter((word) => word !== null) };
}

/** Whether two values can be equal, as `==` compares them. */
export function canBeEqual(a: Known, b: Known): boolean {
  if (![...a.kinds].some((kind) => b.kinds.has(kind))) return false;
  if (a.words === undefined || b.words === undefined) return true;
  const texts = new Set(a.words.map((word) => JSON.stringify(word)));
  return b.words.some((word) => texts.has(JSON.stringify(word)));
}

/** The kinds of a value in words, such as `a text or a number`; null is named only if it is the only kind. */
export function nameOf({ kinds }: Known): string {
  const named = [...kinds].filter((kind) => kind !== 'null');
  return named.length === 0 ? 'null' : named.map((kind) => NAMES[kind]).join(' or ');
}
