import { isMap, type Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { encodePlain, lengthBytes } from './encode-plain.ts';
import { type Idl, type IdlField, type IdlFields, type IdlInstruction, type IdlType, sameName } from './idl.ts';
import { definitionOf, genericOf, lengthOf, type Scope, scopeOf } from './scope.ts';

/** No transaction holds more. */
const LARGEST = 4_096;

/** What is written, and how large it is by now. */
interface Writer {
  readonly parts: Uint8Array[];
  size: number;
}

/**
 * The data of an instruction in Borsh: its mark, then its arguments in order.
 *
 * @throws NodeError `input.invalid`, which says which argument is wrong and how
 */
export function encodeInstruction(idl: Idl, { discriminator, args }: IdlInstruction, given: Json): Uint8Array {
  const writer: Writer = { parts: [], size: 0 };
  put(writer, discriminator);
  encodeNamed(writer, args, { value: given, at: 'arguments' }, scopeOf(idl));
  return Buffer.concat(writer.parts);
}

/** A value, and where it stands. */
interface Given {
  readonly value: Json;
  readonly at: string;
}

function put(writer: Writer, bytes: Uint8Array): void {
  writer.size += bytes.length;
  if (writer.size > LARGEST) throw wrong('arguments', `are larger than a transaction can be, ${LARGEST} bytes`);
  writer.parts.push(bytes);
}

function encode(writer: Writer, type: IdlType, given: Given, scope: Scope): void {
  const { value, at } = given;
  switch (type.is) {
    case 'plain':
      return put(
        writer,
        encodePlain(type.of, value, (what) => wrong(at, what)),
      );
    case 'option':
      put(writer, Uint8Array.of(value === null ? 0 : 1));
      return value === null ? undefined : encode(writer, type.of, given, scope);
    case 'list':
    case 'array': {
      const length = type.is === 'array' ? lengthOf(type.length, scope) : null;
      const items = listIn(type.of, given);
      if (length === null) put(writer, lengthBytes(items.length));
      else if (items.length !== length) throw wrong(at, `has ${items.length} items and must have ${length}`);
      return encodeAll(
        writer,
        items.map(() => type.of),
        { value: items, at },
        scope,
      );
    }
    case 'generic': {
      const found = genericOf(type.name, scope);
      return encode(writer, found.type, given, found.scope);
    }
    case 'defined':
      return encodeDefined(writer, type, given, scope);
  }
}

function encodeDefined(writer: Writer, type: Extract<IdlType, { is: 'defined' }>, given: Given, outer: Scope): void {
  const { definition, scope } = definitionOf(type, outer);
  if (definition.is === 'alias') return encode(writer, definition.of, given, scope);
  if (definition.is === 'struct') return encodeFields(writer, definition.fields, given, scope);
  const { name, value } = variantIn(given);
  const index = definition.variants.findIndex((one) => sameName(one.name, name));
  const names = definition.variants.map((one) => one.name).join(', ');
  if (index < 0) throw wrong(given.at, `must be one of ${names}, perhaps with its fields: { ${type.name}: … }`);
  put(writer, Uint8Array.of(index));
  encodeFields(writer, definition.variants[index]!.fields, { value, at: `${given.at}.${name}` }, scope);
}

/** A variant is its name, or an object with its fields under its name. */
function variantIn({ value, at }: Given): { readonly name: string; readonly value: Json } {
  if (typeof value === 'string') return { name: value, value: {} };
  const entries = isMap(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (entries.length !== 1 || !entry)
    throw wrong(at, 'must be the name of a variant, or an object with that name alone');
  return { name: entry[0], value: entry[1] };
}

function encodeFields(writer: Writer, fields: IdlFields, given: Given, scope: Scope): void {
  if (fields.are === 'named') return encodeNamed(writer, fields.fields, given, scope);
  if (!Array.isArray(given.value) || given.value.length !== fields.types.length)
    throw wrong(given.at, `must be a list of ${fields.types.length} values`);
  encodeAll(writer, fields.types, { value: given.value, at: given.at }, scope);
}

function encodeNamed(writer: Writer, fields: readonly IdlField[], { value, at }: Given, scope: Scope): void {
  if (!isMap(value))
    throw wrong(at, `must be an object with ${fields.map(({ name }) => name).join(', ') || 'no fields'}`);
  const strange = Object.keys(value).find((name) => !fields.some((one) => sameName(one.name, name)));
  if (strange !== undefined) throw wrong(`${at}.${strange}`, 'is not in the IDL');
  for (const { name, type } of fields) {
    const [, found] = Object.entries(value).find(([key]) => sameName(key, name)) ?? [];
    if (found === undefined && type.is !== 'option') throw wrong(`${at}.${name}`, 'is missing');
    encode(writer, type, { value: found ?? null, at: `${at}.${name}` }, scope);
  }
}

function encodeAll(
  writer: Writer,
  types: readonly IdlType[],
  { value, at }: { readonly value: readonly Json[]; readonly at: string },
  scope: Scope,
): void {
  for (const [index, type] of types.entries())
    encode(writer, type, { value: value[index] ?? null, at: `${at}[${index}]` }, scope);
}

/** The items of a list. Bytes may also be written as a text, as in a field of the type `bytes`. */
function listIn(of: IdlType, { value, at }: Given): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string' && of.is === 'plain' && of.of === 'u8')
    return [...encodePlain('bytes', value, (what) => wrong(at, what)).subarray(4)];
  throw wrong(at, 'must be a list');
}

const wrong = (at: string, what: string): NodeError => new NodeError('input.invalid', `${at.slice(0, 200)} ${what}.`);
