import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey, type Keyring } from './keyring.ts';

/** What a one-use link is for. */
export interface ResumeClaim {
  readonly workspace: string;
  readonly runId: string;
  /** Step path of the approval or event wait. */
  readonly step: string;
  /** ISO time. */
  readonly expiresAt: string;
}

const PURPOSE = 'blok resume token v1';

/**
 * A signed token for a link of `notify`: claim and HMAC-SHA-256, base64url. The same claim gives the same token, so a
 * retried activity mints the same link. Keep its hash with `saveResumeToken` before giving it out.
 */
export function mintResumeToken(keyring: Keyring, claim: ResumeClaim): { token: string; hash: string } {
  const body = Buffer.from(JSON.stringify([claim.workspace, claim.runId, claim.step, claim.expiresAt])).toString(
    'base64url',
  );
  const token = `${body}.${sign(keyring.current.key, body).toString('base64url')}`;
  return { token, hash: hashResumeToken(token) };
}

/** The claim of a token that one of the keys signed, or null. The table says whether the token is used. */
export function readResumeToken(keyring: Keyring, token: string): ResumeClaim | null {
  const [body, signature, ...rest] = token.split('.');
  if (!body || !signature || rest.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  const genuine = [...keyring.byId.values()].some((key) => {
    const expected = sign(key, body);
    return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
  });
  if (!genuine) return null;
  const [workspace, runId, step, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString()) as string[];
  return { workspace: workspace!, runId: runId!, step: step!, expiresAt: expiresAt! };
}

/** The form in which the table stores a token. */
export const hashResumeToken = (token: string): string => createHash('sha256').update(token).digest('hex');

const sign = (key: Uint8Array, body: string): Buffer =>
  createHmac('sha256', deriveKey(key, PURPOSE)).update(body).digest();
