import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Key } from './types.ts';

export type Algorithm = 'sha256' | 'sha384' | 'sha512' | 'sha1';
export type Encoding = 'hex' | 'base64' | 'base64url';

/** Bytes of a signature of each algorithm. */
const SIZES: Readonly<Record<Algorithm, number>> = { sha256: 32, sha384: 48, sha512: 64, sha1: 20 };

/**
 * Whether one of the signatures is that of the parts under one of the keys. Each is compared with each in constant time,
 * so that the time tells nothing about the keys.
 */
export function isSigned(
  parts: readonly (string | Uint8Array)[],
  signatures: readonly Buffer[],
  keys: readonly Key[],
  algorithm: Algorithm = 'sha256',
): boolean {
  let found = false;
  for (const key of keys) {
    const mac = createHmac(algorithm, key);
    for (const part of parts) mac.update(part);
    const expected = mac.digest();
    for (const given of signatures)
      if (given.length === expected.length && timingSafeEqual(given, expected)) found = true;
  }
  return found;
}

/** Whether a text is one of the keys. The hashes are compared, so that not even the length shows. */
export function isOneOf(given: string, keys: readonly Key[]): boolean {
  let found = false;
  for (const key of keys) if (timingSafeEqual(hashOf(given), hashOf(key))) found = true;
  return found;
}

/** The bytes of a written signature; null if it is not written exactly as a signature of that algorithm is. */
export function decodeSignature(text: string, encoding: Encoding, algorithm: Algorithm = 'sha256'): Buffer | null {
  if (encoding === 'hex') return isHex(text, SIZES[algorithm]) ? Buffer.from(text, 'hex') : null;
  if (text.length > 4 * Math.ceil(SIZES[algorithm] / 3)) return null;
  const bytes = Buffer.from(text, encoding);
  const written = bytes.toString(encoding);
  return bytes.length === SIZES[algorithm] && (written === text || written === text.replace(/=+$/, '')) ? bytes : null;
}

/**
 * The time that a text names, in milliseconds: seconds, milliseconds or an ISO time; null if it is none. `isFresh` says
 * whether it is close enough to now.
 */
export function timeOf(text: string): number | null {
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,14}$/.test(text)) return Number(text);
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** Whether a time is within the window: neither a replay nor from a clock that is far ahead. */
export const isFresh = (ms: number | null, { now, toleranceMs }: { now: number; toleranceMs: number }): boolean =>
  ms !== null && Math.abs(now - ms) <= toleranceMs;

const isHex = (text: string, bytes: number): boolean => text.length === bytes * 2 && /^[0-9a-f]+$/i.test(text);

const hashOf = (text: Key): Buffer => createHash('sha256').update(text).digest();
