/**
 * Reads the bytes of a message without the library that wrote them, because whoever signs must not believe what somebody
 * else says about the bytes.
 */
import { toBase58 } from '../notation/base58.ts';

/** A message of version 0 whose accounts all stand in the message itself. */
export interface ReadMessage {
  /** The accounts that must sign, the payer first. */
  readonly signers: readonly string[];
  readonly blockhash: string;
  /** The accounts that the transaction may change. */
  readonly writable: ReadonlySet<string>;
  readonly instructions: readonly ReadInstruction[];
}

export interface ReadInstruction {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Buffer;
}

const VERSION_0 = 0x80;

/** Reads a message; null if it is of another version, looks accounts up elsewhere, or does not end where it should. */
export function readMessage(bytes: Uint8Array): ReadMessage | null {
  try {
    return read(Buffer.from(bytes));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function read(bytes: Buffer): ReadMessage | null {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('The message ends too soon.');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const byte = (): number => take(1)[0]!;
  /** A length in one to three bytes of seven bits. */
  const length = (): number => {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    throw new RangeError('A length has too many bytes.');
  };
  if (byte() !== VERSION_0) return null;
  const required = byte();
  const [readonlySigners, readonlyOthers] = [byte(), byte()];
  const keys = Array.from({ length: length() }, () => toBase58(take(32)));
  const keyAt = (index: number): string => {
    const key = keys[index];
    if (key === undefined) throw new RangeError('An account is missing.');
    return key;
  };
  const blockhash = toBase58(take(32));
  const instructions = Array.from({ length: length() }, () => ({
    program: keyAt(byte()),
    accounts: [...take(length())].map(keyAt),
    data: take(length()),
  }));
  const lookups = length();
  if (lookups !== 0 || at !== bytes.length) return null;
  const isWritable = (_: string, index: number): boolean =>
    index < required ? index < required - readonlySigners : index < keys.length - readonlyOthers;
  const writable = new Set(keys.filter(isWritable));
  return { signers: keys.slice(0, required), blockhash, writable, instructions };
}
