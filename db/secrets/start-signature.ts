import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createLru } from '../../graph/lru.ts';
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

/** How many runs are remembered whose signature was right. Every step of a run brings the same one. */
const REMEMBERED = 2_000;

/** Signs with the current key (HMAC-SHA-256), and takes signatures of all keys. The keys are derived only once. */
export function createSigner(keyring: Keyring): Signer {
  const right = createLru<true>(REMEMBERED);
  const keys = [...keyring.byId.values()].map((key) => deriveKey(key, PURPOSE));
  const current = deriveKey(keyring.current.key, PURPOSE);
  return {
    sign: (start, workflowId) => {
      const digest = startDigest(start, workflowId, sha256);
      return {
        ...start,
        proof: { digest, mac: macOf(current, signedText(start, workflowId, digest)).toString('base64url') },
      };
    },
    verify: (claim, workflowId) => {
      const { digest, mac } = claim.proof;
      const text = signedText(claim, workflowId, digest);
      const found = `${text} ${mac}`;
      if (right.get(found)) return true;
      return keys.some((key) => isEqual(mac, macOf(key, text))) && right.set(found, true);
    },
    signTrigger: ({ workspace, workflow, trigger }) => {
      const mac = triggerMac(current, { workspace, workflow, trigger }).toString('base64url');
      return { workspace, workflow, trigger, mac };
    },
    verifyTrigger: (claim) => keys.some((key) => isEqual(claim.mac, triggerMac(key, claim))),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const signedText = (
  { workspace, workflow, runId }: Pick<RunClaim, 'workspace' | 'workflow' | 'runId'>,
  workflowId: string,
  digest: string,
): string => JSON.stringify([workspace, workflow, runId, workflowId, digest]);

const macOf = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const triggerMac = (key: Uint8Array, { workspace, workflow, trigger }: Omit<TriggerClaim, 'mac'>): Buffer =>
  macOf(key, TRIGGER + JSON.stringify([workspace, workflow, trigger]));

function isEqual(mac: string, expected: Buffer): boolean {
  const given = Buffer.from(mac, 'base64url');
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
