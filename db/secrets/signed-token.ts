import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey, type Keyring } from './keyring.ts';

/**
 * Signs a claim for one purpose: claim and HMAC-SHA-256, base64url. The same claim gives the same token, so a retried
 * attempt mints the same link.
 */
export function signToken(keyring: Keyring, purpose: string, claim: readonly string[]): string {
  const body = Buffer.from(JSON.stringify(claim)).toString('base64url');
  return `${body}.${sign(keyring.current.key, purpose, body).toString('base64url')}`;
}

/** The claim of a token that one of the keys signed for this purpose, or null. */
export function readToken(keyring: Keyring, purpose: string, token: string): readonly string[] | null {
  const [body, signature, ...rest] = token.split('.');
  if (!body || !signature || rest.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  const genuine = [...keyring.byId.values()].some((key) => {
    const expected = sign(key, purpose, body);
    return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
  });
  return genuine ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as string[]) : null;
}

const sign = (key: Uint8Array, purpose: string, body: string): Buffer =>
  createHmac('sha256', deriveKey(key, purpose)).update(body).digest();
