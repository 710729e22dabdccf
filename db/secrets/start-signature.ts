import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type SignedStart, startDigest } from '../../graph/start/digest.ts';
import type { RunClaim, StartProof, TriggerClaim } from '../../workflows/contract.ts';
import { deriveKey, type Keyring } from './keyring.ts';

const PURPOSE = 'blok run start v1';

/** Begins what is signed of a trigger: nothing signed of a run begins so, because workspaces are slugs. */
const TRIGGER = 'blok trigger v1:';

/** Signs starts of runs and names of triggers, and knows what was signed. */
export interface Signer {
  /** The start, with the proof that Blok made it for this workflow id. */
  sign<Start extends SignedStart>(start: Start, workflowId: string): Start & { readonly proof: StartProof };
  /** Whether one of the keys signed what a run says about itself. */
  verify(claim: RunClaim, workflowId: string): boolean;
  /** The name of a trigger, with the proof that Blok wrote it. */
  signTrigger(trigger: Omit<TriggerClaim, 'mac'>): TriggerClaim;
  /** Whether one of the keys signed the name of a trigger. */
  verifyTrigger(claim: TriggerClaim): boolean;
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
      return keys.some((key) => isEqual(mac, macOf(key, claim, workflowId, digest)));
    },
    signTrigger: ({ workspace, workflow, trigger }) => {
      const mac = triggerMac(current, { workspace, workflow, trigger }).toString('base64url');
      return { workspace, workflow, trigger, mac };
    },
    verifyTrigger: (claim) => keys.some((key) => isEqual(claim.mac, triggerMac(key, claim))),
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

const triggerMac = (key: Uint8Array, { workspace, workflow, trigger }: Omit<TriggerClaim, 'mac'>): Buffer =>
  createHmac('sha256', key)
    .update(TRIGGER + JSON.stringify([workspace, workflow, trigger]))
    .digest();

function isEqual(mac: string, expected: Buffer): boolean {
  const given = Buffer.from(mac, 'base64url');
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
