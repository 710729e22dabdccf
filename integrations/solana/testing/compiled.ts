import { toBase58 } from '../notation/base58.ts';

/** A message of version 0 or of none, without lookup tables, with the numbers that stand in it. */
export interface Compiled {
  readonly version: 'legacy' | 0;
  readonly header: {
    readonly numRequiredSignatures: number;
    readonly numReadonlySignedAccounts: number;
    readonly numReadonlyUnsignedAccounts: number;
  };
  readonly accountKeys: readonly string[];
  readonly recentBlockhash: string;
  readonly instructions: readonly { programIdIndex: number; accounts: number[]; data: Uint8Array }[];
}

/** Reads the bytes of a message; null if they end too soon. */
export function readCompiled(bytes: Uint8Array): Compiled | null {
  let at = 0;
  const byte = (): number => bytes[at++] ?? 0;
  const take = (length: number): Uint8Array => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const length = (): number => {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) break;
    }
    return value;
  };
  const isVersion0 = bytes[0] === 0x80;
  if (isVersion0) at = 1;
  const compiled: Compiled = {
    version: isVersion0 ? 0 : 'legacy',
    header: {
      numRequiredSignatures: byte(),
      numReadonlySignedAccounts: byte(),
      numReadonlyUnsignedAccounts: byte(),
    },
    accountKeys: Array.from({ length: length() }, () => toBase58(take(32))),
    recentBlockhash: toBase58(take(32)),
    instructions: Array.from({ length: length() }, () => ({
      programIdIndex: byte(),
      accounts: [...take(length())],
      data: take(length()),
    })),
  };
  return at > bytes.length ? null : compiled;
}
