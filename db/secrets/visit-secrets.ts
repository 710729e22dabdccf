import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { deriveKey, type Keyring } from './keyring.ts';

/** What belongs to one visit of an authorize page. All of it follows from the ticket, and the ticket from nothing. */
export interface VisitSecrets {
  /** Stays with the browser that begins. */
  readonly ticket: string;
  /** Goes to the authorize page and comes back. Tells nothing about the ticket. */
  readonly state: string;
  /** The secret of PKCE: goes to the token endpoint only. */
  readonly verifier: string;
}

/** The secrets of a new visit. */
export const newVisit = (keyring: Keyring): VisitSecrets => visitOf(keyring, randomBytes(32).toString('base64url'));

/** The secrets of the visit to which a ticket belongs. */
export function visitOf(keyring: Keyring, ticket: string): VisitSecrets {
  const derived = (purpose: string) =>
    createHmac('sha256', deriveKey(keyring.current.key, `blok oauth ${purpose} v1`))
      .update(ticket)
      .digest('base64url');
  return { ticket, state: derived('state'), verifier: derived('verifier') };
}

/** Whether a browser with this ticket is the one that was sent to the authorize page with this state. */
export function belongsTo(keyring: Keyring, ticket: string, state: string): boolean {
  const [own, given] = [visitOf(keyring, ticket).state, state].map((text) =>
    createHash('sha256').update(text).digest(),
  );
  return timingSafeEqual(own!, given!);
}

/** The form in which the table keeps a state. */
export const hashState = (state: string): string => createHash('sha256').update(state).digest('hex');
