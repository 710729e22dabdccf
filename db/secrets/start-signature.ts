import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type SignedStart, startDigest } from '../../graph/start/digest.ts';
import type { RunClaim, StartProof } from '../../workflows/contract.ts';
import { deriveKey, type Keyring } from './keyring.ts';

const PURPOSE = 'blok run start v1';

/** Signs starts of runs, and knows a start that was signed. */
export interface Signer {
  /** The start, with the proof that Blok made it for this workflow id. */
  sign<Start extends SignedStart>(start: Start, workflowId: string): Start & { readonly proof: StartProof };
  /** Whether one of the keys signed what a run says about itself. */
  verify(claim: RunClaim, workflowId: string): boolean;
}

/** Signs with the current key (HMAC-SHA-256), and takes signatures of all keys. The keys are derived only once. */
export function createSigner(keyring: Keyring): Signer {
  const keys = [...keyring.byId.values()].map((key) => deriveKey(key, PURPOSE));
  const current = deriveKey(keyring.current.key, PURPOSE);
  return {
    sign: (start, workflowId) => {
      const digest = startDigest(start, workflowId, sha256);
      return { ...start, proof: { digest, mac: macOf(current, start, workflowId, digest).toString('base64url') } };
    },
    verify: (claim, workflowId) => {
      const { digest, mac } = claim.proof;
      const given = Buffer.from(mac, 'base64url');
      return keys.some((key) => {
        const expected = macOf(key, claim, workflowId, digest);
        return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
      });
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const macOf = (
  key: Uint8Array,
  { workspace, workflow, runId }: Pick<RunClaim, 'workspace' | 'workflow' | 'runId'>,
  workflowId: string,
  digest: string,
): Buffer =>
  createHmac('sha256', key)
    .update(JSON.stringify([workspace, workflow, runId, workflowId, digest]))
    .digest();
