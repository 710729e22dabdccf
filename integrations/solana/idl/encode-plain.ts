import type { Json } from '../../../graph/json.ts';
import { fromBase58, isAddress } from '../notation/base58.ts';
import type { PlainType } from './idl.ts';
import { integerBytes, integerType } from './integers.ts';

/**
 * A value that is made of no others, in Borsh.
 *
 * @param wrong makes the error that says what the value must be
 */
export function encodePlain(type: PlainType, value: Json, wrong: (what: string) => Error): Uint8Array {
  const integer = integerType(type);
  if (integer) {
    const bytes = integerIn(value, integer);
    if (bytes) return bytes;
    throw wrong(`must be a whole number of the type ${type}, or a text with its digits`);
  }
  switch (type) {
    case 'bool':
      if (typeof value !== 'boolean') throw wrong('must be true or false');
      return Uint8Array.of(value ? 1 : 0);
    case 'string':
      if (typeof value !== 'string') throw wrong('must be a text');
      return withLength(Buffer.from(value, 'utf8'));
    case 'pubkey':
      if (typeof value !== 'string' || !isAddress(value)) throw wrong('must be an address');
      return fromBase58(value)!;
    case 'bytes': {
      const bytes = bytesIn(value);
      if (!bytes) throw wrong('must be bytes: a text in base64, in hex after 0x, or a list of numbers from 0 to 255');
      return withLength(bytes);
    }
    default:
      if (typeof value !== 'number') throw wrong('must be a number');
      return floatBytes(type === 'f32' ? 4 : 8, value);
  }
}

function integerIn(value: Json, { bytes, isSigned }: { bytes: number; isSigned: boolean }): Uint8Array | null {
  const isWhole = typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string';
  if (!isWhole || !/^-?[0-9]{1,80}$/.test(String(value))) return null;
  return integerBytes(BigInt(value as number | string), bytes, isSigned);
}

function bytesIn(value: Json): Uint8Array | null {
  if (Array.isArray(value)) {
    const isBytes = value.every((one) => Number.isInteger(one) && (one as number) >= 0 && (one as number) < 256);
    return isBytes ? Uint8Array.from(value as number[]) : null;
  }
  if (typeof value !== 'string') return null;
  if (/^0x([0-9a-fA-F]{2})*$/.test(value)) return Buffer.from(value.slice(2), 'hex');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0 ? Buffer.from(value, 'base64') : null;
}

/** How many items follow. */
export function lengthBytes(length: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}

const withLength = (bytes: Uint8Array): Uint8Array => Buffer.concat([lengthBytes(bytes.length), bytes]);

function floatBytes(bytes: 4 | 8, value: number): Uint8Array {
  const written = Buffer.alloc(bytes);
  if (bytes === 4) written.writeFloatLE(value);
  else written.writeDoubleLE(value);
  return written;
}
