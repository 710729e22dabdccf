import type { Keyring } from './keyring.ts';
import { readToken, signToken } from './signed-token.ts';

/** What a link to a form is for. It opens the form until it expires, and starts one run. */
export interface FormClaim {
  readonly workspace: string;
  readonly workflow: string;
  readonly trigger: string;
  /** Tells one link from another. */
  readonly nonce: string;
  /** ISO time. */
  readonly expiresAt: string;
}

/** What whoever has sent a form may see: the state and the result of the run, and of no other. */
export interface ViewClaim {
  readonly workspace: string;
  readonly runId: string;
  /** ISO time. */
  readonly expiresAt: string;
}

const FORM = 'blok form token v1';
const VIEW = 'blok form view token v1';

export const mintFormToken = (keyring: Keyring, claim: FormClaim): string =>
  signToken(keyring, FORM, [claim.workspace, claim.workflow, claim.trigger, claim.nonce, claim.expiresAt]);

/** The claim of a link to a form that we signed, or null. */
export function readFormToken(keyring: Keyring, token: string): FormClaim | null {
  const [workspace, workflow, trigger, nonce, expiresAt] = readToken(keyring, FORM, token) ?? [];
  return expiresAt === undefined
    ? null
    : { workspace: workspace!, workflow: workflow!, trigger: trigger!, nonce: nonce!, expiresAt };
}

export const mintViewToken = (keyring: Keyring, claim: ViewClaim): string =>
  signToken(keyring, VIEW, [claim.workspace, claim.runId, claim.expiresAt]);

/** The claim of a link to the result that we signed, or null. */
export function readViewToken(keyring: Keyring, token: string): ViewClaim | null {
  const [workspace, runId, expiresAt] = readToken(keyring, VIEW, token) ?? [];
  return expiresAt === undefined ? null : { workspace: workspace!, runId: runId!, expiresAt };
}
