import { createHash } from 'node:crypto';
import type { Keyring } from './keyring.ts';
import { readToken, signToken } from './signed-token.ts';

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
 * A signed token for a link of `notify`. The same claim gives the same token, so a retried activity mints the same link.
 * Keep its hash with `saveResumeToken` before giving it out.
 */
export function mintResumeToken(keyring: Keyring, claim: ResumeClaim): { token: string; hash: string } {
  const token = signToken(keyring, PURPOSE, [claim.workspace, claim.runId, claim.step, claim.expiresAt]);
  return { token, hash: hashResumeToken(token) };
}

/** The claim of a token that one of the keys signed, or null. The table says whether the token is used. */
export function readResumeToken(keyring: Keyring, token: string): ResumeClaim | null {
  const [workspace, runId, step, expiresAt] = readToken(keyring, PURPOSE, token) ?? [];
  return expiresAt === undefined ? null : { workspace: workspace!, runId: runId!, step: step!, expiresAt };
}

/** The form in which the table stores a token. */
export const hashResumeToken = (token: string): string => createHash('sha256').update(token).digest('hex');
