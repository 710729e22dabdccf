import { NodeError } from '../../error.ts';
import type { IdlFields, IdlGeneric, IdlLength, IdlType, PlainType } from './idl.ts';

const PLAIN = /^([ui](8|16|32|64|128|256)|f32|f64|bool|string|bytes|pubkey)$/;

/** Types in types, as they are written. */
const DEEPEST = 32;

/** Reads a type. @throws NodeError `input.invalid` */
export function typeIn(written: unknown, depth = 0): IdlType {
  if (depth > DEEPEST) throw unknownType('one that is too deep');
  if (typeof written === 'string') {
    const name = written === 'publicKey' ? 'pubkey' : written;
    if (PLAIN.test(name)) return { is: 'plain', of: name as PlainType };
    throw unknownType(name);
  }
  const [kind, of] = onlyEntry(written);
  const inner = (type: unknown): IdlType => typeIn(type, depth + 1);
  switch (kind) {
    case 'option':
      return { is: 'option', of: inner(of) };
    case 'vec':
      return { is: 'list', of: inner(of) };
    case 'array': {
      const [type, length] = Array.isArray(of) ? of : [];
      return { is: 'array', of: inner(type), length: lengthIn(length) };
    }
    case 'generic':
      if (typeof of === 'string') return { is: 'generic', name: of };
      throw unknownType(kind);
    case 'defined':
      return definedIn(of, inner);
    default:
      throw unknownType(kind);
  }
}

/** A type that is defined elsewhere: before Anchor 0.30 its name, since then its name and what it is made of. */
function definedIn(of: unknown, inner: (type: unknown) => IdlType): IdlType {
  if (typeof of === 'string') return { is: 'defined', name: of, generics: [] };
  const { name, generics = [] } = (of ?? {}) as { name?: unknown; generics?: unknown };
  if (typeof name !== 'string' || !Array.isArray(generics)) throw unknownType('defined');
  return { is: 'defined', name, generics: generics.map((one) => genericIn(one, inner)) };
}

function genericIn(written: unknown, inner: (type: unknown) => IdlType): IdlGeneric {
  const { kind, type, value } = (written ?? {}) as { kind?: unknown; type?: unknown; value?: unknown };
  return kind === 'const' ? { length: lengthIn(Number(value)) } : { type: inner(type) };
}

function lengthIn(written: unknown): IdlLength {
  if (Number.isSafeInteger(written) && (written as number) >= 0) return written as number;
  const { generic } = (written ?? {}) as { generic?: unknown };
  if (typeof generic === 'string') return { generic };
  throw unknownType('an array of no length');
}

/** Fields of a struct or of a variant: with names, or only types. */
export function fieldsIn(written: readonly unknown[] | undefined): IdlFields {
  const fields = (written ?? []).map((one) => one as { name?: unknown; type?: unknown } | null);
  if (fields.length > 0 && fields.every((one) => typeof one?.name === 'string' && one.type !== undefined))
    return { are: 'named', fields: fields.map((one) => ({ name: one!.name as string, type: typeIn(one!.type) })) };
  return fields.length === 0
    ? { are: 'named', fields: [] }
    : { are: 'ordered', types: (written ?? []).map((one) => typeIn(one)) };
}

/** The only entry of an object such as `{ "vec": "u8" }`. */
function onlyEntry(written: unknown): [string, unknown] {
  const entries = written !== null && typeof written === 'object' ? Object.entries(written) : [];
  if (entries.length === 1) return entries[0]!;
  throw unknownType(JSON.stringify(written)?.slice(0, 60) ?? 'none');
}

const unknownType = (what: string): NodeError =>
  new NodeError('input.invalid', `idl holds a type that Blok does not know: ${what.slice(0, 100)}.`);
