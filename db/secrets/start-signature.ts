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

/** How many runs are remembered whose signature was right. Every step of a run brings the same one. */
const REMEMBERED = 2_000;

/** Signs with the current key (HMAC-SHA-256), and takes signatures of all keys. The keys are derived only once. */
export function createSigner(keyring: Keyring): Signer {
  const isKnown = remembering(REMEMBERED);
  const keys = [...keyring.byId.values()].map((key) => deriveKey(key, PURPOSE));
  const current = deriveKey(keyring.current.key, PURPOSE);
  return {
    sign: (start, workflowId) => {
      const digest = startDigest(start, workflowId, sha256);
      return { ...start, proof: { digest, mac: macOf(current, start, workflowId, digest).toString('base64url') } };
    },
    verify: (claim, workflowId) => {
      const { digest, mac } = claim.proof;
      return isKnown(`${signedText(claim, workflowId, digest)} ${mac}`, () =>
        keys.some((key) => isEqual(mac, macOf(key, claim, workflowId, digest))),
      );
    },
    signTrigger: ({ workspace, workflow, trigger }) => {
      const mac = triggerMac(current, { workspace, workflow, trigger }).toString('base64url');
      return { workspace, workflow, trigger, mac };
    },
    verifyTrigger: (claim) => keys.some((key) => isEqual(claim.mac, triggerMac(key, claim))),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Asks only once for each text to which the answer is yes, as long as the text is among the last `most` of them. */
function remembering(most: number): (text: string, ask: () => boolean) => boolean {
  const right = new Set<string>();
  return (text, ask) => {
    if (right.has(text)) return true;
    if (!ask()) return false;
    right.add(text);
    if (right.size > most) right.delete(right.values().next().value!);
    return true;
  };
}

type Signed = Pick<RunClaim, 'workspace' | 'workflow' | 'runId'>;

const signedText = ({ workspace, workflow, runId }: Signed, workflowId: string, digest: string): string =>
  JSON.stringify([workspace, workflow, runId, workflowId, digest]);

const macOf = (key: Uint8Array, signed: Signed, workflowId: string, digest: string): Buffer =>
  createHmac('sha256', key)
    .update(signedText(signed, workflowId, digest))
    .digest();

const triggerMac = (key: Uint8Array, { workspace, workflow, trigger }: Omit<TriggerClaim, 'mac'>): Buffer =>
  createHmac('sha256', key)
    .update(TRIGGER + JSON.stringify([workspace, workflow, trigger]))
    .digest();

function isEqual(mac: string, expected: Buffer): boolean {
  const given = Buffer.from(mac, 'base64url');
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
