import type { Json, JsonObject } from '../../../graph/json.ts';
import { toBase58 } from '../notation/base58.ts';
import type { Idl, IdlFields, IdlTagged, IdlType, PlainType } from './idl.ts';
import { integerType, readInteger } from './integers.ts';
import { definitionOf, genericOf, lengthOf, type Scope, scopeOf } from './scope.ts';

/** Something that a program has stored or logged. */
export interface DecodedData {
  /** Its name in the IDL. */
  readonly name: string;
  /** Integers of 64 bits and more are texts, bytes are base64. */
  readonly value: Json;
}

/** Values in values, and items of all lists together. */
const DEEPEST = 64;
const MOST_ITEMS = 100_000;

/** Bytes that are read from their beginning. */
interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  items: number;
}

/** An account of a program, or null if it is none that the IDL knows, or its bytes are not what the IDL says. */
export const decodeAccount = (idl: Idl, bytes: Uint8Array): DecodedData | null =>
  decodeTagged(idl, idl.accounts, bytes);

/** An event that a program has logged, or null if it is none. */
export const decodeEvent = (idl: Idl, bytes: Uint8Array): DecodedData | null => decodeTagged(idl, idl.events, bytes);

function decodeTagged(idl: Idl, all: readonly IdlTagged[], bytes: Uint8Array): DecodedData | null {
  const found = all.find(({ discriminator }) => startsWith(bytes, discriminator));
  if (!found) return null;
  try {
    const reader: Reader = { bytes, at: found.discriminator.length, items: 0 };
    return { name: found.name, value: decode(reader, found.type, scopeOf(idl), 0) };
  } catch {
    // Bytes that end too soon, a variant that there is not, a type that the IDL does not say.
    return null;
  }
}

const startsWith = (bytes: Uint8Array, mark: Uint8Array): boolean =>
  bytes.length >= mark.length && mark.every((byte, index) => bytes[index] === byte);

function take(reader: Reader, length: number): Uint8Array {
  if (length > reader.bytes.length - reader.at) throw new RangeError('The bytes end too soon.');
  reader.at += length;
  return reader.bytes.subarray(reader.at - length, reader.at);
}

const length = (reader: Reader): number => Number(readInteger(take(reader, 4), false));

function decode(reader: Reader, type: IdlType, scope: Scope, depth: number): Json {
  if (depth > DEEPEST) throw new RangeError('Too deep.');
  switch (type.is) {
    case 'plain':
      return decodePlain(reader, type.of);
    case 'option':
      return take(reader, 1)[0] === 0 ? null : decode(reader, type.of, scope, depth + 1);
    case 'list':
      return decodeItems(reader, { of: type.of, count: length(reader) }, scope, depth);
    case 'array':
      return decodeItems(reader, { of: type.of, count: lengthOf(type.length, scope) }, scope, depth);
    case 'generic': {
      const found = genericOf(type.name, scope);
      return decode(reader, found.type, found.scope, depth + 1);
    }
    case 'defined':
      return decodeDefined(reader, type, scope, depth);
  }
}

/** A list; one of bytes is a text in base64. */
function decodeItems(
  reader: Reader,
  { of, count }: { readonly of: IdlType; readonly count: number },
  scope: Scope,
  depth: number,
): Json {
  if (of.is === 'plain' && of.of === 'u8') return base64(take(reader, count));
  reader.items += count;
  if (reader.items > MOST_ITEMS) throw new RangeError('Too many items.');
  return Array.from({ length: count }, () => decode(reader, of, scope, depth + 1));
}

function decodeDefined(reader: Reader, type: Extract<IdlType, { is: 'defined' }>, outer: Scope, depth: number): Json {
  const { definition, scope } = definitionOf(type, outer);
  if (definition.is === 'alias') return decode(reader, definition.of, scope, depth + 1);
  if (definition.is === 'struct') return decodeFields(reader, definition.fields, scope, depth);
  const variant = definition.variants[take(reader, 1)[0]!];
  if (!variant) throw new RangeError('There is no such variant.');
  const { name, fields } = variant;
  if (fields.are === 'named' && fields.fields.length === 0) return name;
  return { [name]: decodeFields(reader, fields, scope, depth) };
}

function decodeFields(reader: Reader, fields: IdlFields, scope: Scope, depth: number): Json {
  if (fields.are === 'ordered') return fields.types.map((type) => decode(reader, type, scope, depth + 1));
  const values: [string, Json][] = fields.fields.map(({ name, type }) => [
    name,
    decode(reader, type, scope, depth + 1),
  ]);
  return Object.fromEntries(values) satisfies JsonObject;
}

function decodePlain(reader: Reader, type: PlainType): Json {
  const integer = integerType(type);
  if (integer) {
    const value = readInteger(take(reader, integer.bytes), integer.isSigned);
    return integer.bytes < 8 ? Number(value) : String(value);
  }
  switch (type) {
    case 'bool':
      return take(reader, 1)[0] !== 0;
    case 'string':
      return Buffer.from(take(reader, length(reader))).toString('utf8');
    case 'pubkey':
      return toBase58(take(reader, 32));
    case 'bytes':
      return base64(take(reader, length(reader)));
    default:
      return float(Buffer.from(take(reader, type === 'f32' ? 4 : 8)));
  }
}

/** A number that is none is a text, because JSON has no word for it. */
function float(bytes: Buffer): Json {
  const value = bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE();
  return Number.isFinite(value) ? value : String(value);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
