import type { Json } from '../json.ts';
import { fail } from './error.ts';
import { charge } from './fuel.ts';
import type { Fuel } from './types.ts';

/** JSON of up to this many bytes may be `false`, `0`, `""` or `null`; anything longer counts as true. */
const SHORTEST_SURELY_TRUE = 8;

/** What a `Reference` is made of. */
export interface ReferenceFields {
  /** Content address of the stored JSON. */
  readonly sha256: string;
  /** Bytes of the stored JSON. */
  readonly size: number;
  /** The first characters of the stored JSON, for people. */
  readonly preview?: string | undefined;
  /** JSON Pointer of the part that the reference stands for; '' is the whole. */
  readonly pointer?: string;
  /** Values that are known without loading, by JSON Pointer from the root of the stored JSON. */
  readonly inline?: Readonly<Record<string, Json>>;
}

/**
 * Data held by reference: a value in the blob store that an expression may pass on, or follow by member access, but
 * not compute with. A reference is recognised only by a private brand, never by its shape, so data from outside cannot
 * pretend to be one.
 */
export class Reference {
  readonly #brand = true;
  readonly sha256: string;
  readonly size: number;
  readonly preview: string | undefined;
  readonly pointer: string;
  readonly inline: Readonly<Record<string, Json>>;

  constructor(fields: ReferenceFields) {
    this.sha256 = fields.sha256;
    this.size = fields.size;
    this.preview = fields.preview;
    this.pointer = fields.pointer ?? '';
    this.inline = fields.inline ?? {};
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && #brand in value && value.#brand;
  }
}

/**
 * An expression computes with something that is missing here: data held by reference, or the rules of a time zone.
 * Evaluate it where these can be loaded. This is not a mistake of the author.
 */
export class NeedsData extends Error {
  override readonly name = 'NeedsData';
  readonly references: readonly Reference[];

  constructor(references: readonly Reference[], message?: string) {
    super(message ?? `Data held by reference is needed: ${references.map(({ sha256 }) => sha256).join(', ')}`);
    this.references = references;
  }
}

/** The value at `key` of the data that a reference stands for: the value itself if known, else a longer reference. */
export function follow(reference: Reference, key: string | number): unknown {
  const pointer = `${reference.pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (Object.hasOwn(reference.inline, pointer)) return reference.inline[pointer];
  return new Reference({ ...reference, pointer });
}

/** Throws `NeedsData` if `value` is a reference. Called by every operation that must see the data. */
export function demand(value: unknown): void {
  if (value instanceof Reference) throw new NeedsData([value]);
}

/**
 * Whether a reference stands for null. A whole stored value never does. A part may, and only the data can tell.
 * @throws NeedsData for a part
 */
export function referenceIsNull(reference: Reference): false {
  if (reference.pointer === '') return false;
  throw new NeedsData([reference]);
}

/** Whether a reference stands for a value that JavaScript takes as true. @throws NeedsData if only the data can tell */
export function referenceIsTrue(reference: Reference): true {
  if (reference.pointer === '' && reference.size > SHORTEST_SURELY_TRUE) return true;
  throw new NeedsData([reference]);
}

/**
 * The part of `value` that a JSON Pointer names, by the rules of member access: own properties only, `length` of lists
 * and texts, undefined if a property is missing. Used to fill `Reference.inline` and to load a reference.
 *
 * @throws ExpressionError `null-read` if the pointer passes through null
 * @example readPointer({ rows: [1, 2] }, '/rows/length') // 2
 */
export function readPointer(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  let current = value;
  for (const part of pointer.split('/').slice(1)) {
    current = readOwn(current, part.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return current;
}

/** Member access on plain data: own properties of objects, index and `length` of lists and texts; else undefined. */
export function readOwn(value: unknown, key: string | number): unknown {
  if (value === null || value === undefined) {
    return fail('null-read', `Cannot read ${JSON.stringify(String(key).slice(0, 100))} of ${value}.`);
  }
  if (typeof value === 'object') {
    if (value instanceof Reference) return follow(value, key);
    return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  }
  if (typeof value === 'string') {
    if (key === 'length') return value.length;
    // The own properties of a text are its indices.
    return Object.hasOwn(value as unknown as object, key) ? value[key as number] : undefined;
  }
  return undefined;
}

/** Pays for looking up a long property name. */
export function chargeKey(fuel: Fuel, key: string | number): void {
  if (typeof key === 'string' && key.length > 64) charge(fuel, key.length >> 6);
}
