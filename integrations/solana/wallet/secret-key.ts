import { fromBase58, toBase58 } from '../notation/base58.ts';

/**
 * The bytes of a secret key as wallets and `solana-keygen` write it: 64 bytes, in base58 or as a list of numbers, of which
 * the second half is the public key. Null if it is none. Whether its halves fit each other is not looked at.
 */
export function secretKeyBytes(secret: string): Uint8Array | null {
  const bytes = bytesOf(secret.trim());
  return bytes?.length === 64 ? bytes : null;
}

/** The address that a secret key says it belongs to. */
export const addressIn = (secret: string): string => toBase58(secretKeyBytes(secret)!.subarray(32));

function bytesOf(text: string): Uint8Array | null {
  if (!text.startsWith('[')) return fromBase58(text);
  if (!/^\[(\s*\d{1,3}\s*,){63}\s*\d{1,3}\s*\]$/.test(text)) return null;
  const numbers = JSON.parse(text) as number[];
  return numbers.every((number) => number < 256) ? Uint8Array.from(numbers) : null;
}
