import type { PlainType } from './idl.ts';

/** Bits of an integer type, and whether it can be below zero; null: the type is no integer. */
export function integerType(type: PlainType): { readonly bytes: number; readonly isSigned: boolean } | null {
  const match = /^([ui])(8|16|32|64|128|256)$/.exec(type);
  return match && { bytes: Number(match[2]) / 8, isSigned: match[1] === 'i' };
}

/** Writes an integer, the lowest byte first; null if it does not fit. */
export function integerBytes(value: bigint, bytes: number, isSigned: boolean): Uint8Array | null {
  const bits = BigInt(bytes * 8);
  const fits = (isSigned ? BigInt.asIntN : BigInt.asUintN)(bytes * 8, value) === value;
  if (!fits) return null;
  const hex = (value < 0n ? value + (1n << bits) : value).toString(16).padStart(bytes * 2, '0');
  return Buffer.from(hex, 'hex').reverse();
}

/** Reads such an integer. */
export function readInteger(bytes: Uint8Array, isSigned: boolean): bigint {
  const value = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  return isSigned ? BigInt.asIntN(bytes.length * 8, value) : value;
}
