/**
 * What to do next about a payment, from what the ledger holds and what providers say. Pure: `pay.ts` carries it out. Every
 * rule of the promise "at most one transaction lands" stands here.
 */
import type { Json } from '../../../graph/json.ts';
import type { PaymentAttempt } from '../../payments.ts';
import { instructionError } from '../chain/instruction-error.ts';
import type { SignatureStatus } from '../chain/port.ts';

/** What one provider said, in this order: how far the chain is for good, and then what it knows of the signatures. */
export interface Report {
  readonly provider: string;
  /** The last block that is final. */
  readonly final: { readonly slot: bigint; readonly height: bigint };
  /** How far the provider was when it answered about the signatures. */
  readonly slot: bigint;
  /** By signature. */
  readonly statuses: ReadonlyMap<string, SignatureStatus | null>;
  /** Which receipts exist, not before the last final block; null: it was not asked, or does not say. */
  readonly receipts: ReadonlySet<string> | null;
}

/** All that decides. */
export interface Facts {
  readonly attempts: readonly PaymentAttempt[];
  /** Of the providers that answered. */
  readonly reports: readonly Report[];
  /** How many providers there are, whether or not they answered. */
  readonly providers: number;
  /** Number of the last attempt about which a person decided that it did not pay. */
  readonly decidedNo: number;
  /** Nobody wants the payment any more: no new transaction. */
  readonly isCancelled: boolean;
  /** Nobody has worked on it for hours, and nobody will: what cannot be proven in time is left to a person. */
  readonly isAbandoned: boolean;
}

/** What to do next. */
export type Decision =
  | { readonly do: 'sign'; readonly no: number }
  | { readonly do: 'send'; readonly attempt: PaymentAttempt }
  | { readonly do: 'watch' }
  | { readonly do: 'expire'; readonly attempt: PaymentAttempt; readonly proof: Json }
  | { readonly do: 'paid'; readonly attempt: PaymentAttempt; readonly proof: Json }
  | { readonly do: 'failed'; readonly attempt: PaymentAttempt; readonly error: Json; readonly proof: Json }
  | { readonly do: 'cancel' }
  | { readonly do: 'review'; readonly why: ReviewReason; readonly proof: Json };

/** Why a person has to decide. */
export type ReviewReason = 'attempts' | 'oneProvider' | 'receiptTaken' | 'tooOld' | 'abandoned';

/**
 * Transactions that are made for one payment, each after the one before was proven dead. A minute or two goes by for each, so a
 * crowded chain has several minutes to let one in before a person is asked.
 */
export const MOST_ATTEMPTS = 5;

/** How many providers must say that an attempt is dead or has failed, if there are that many. */
const WITNESSES = 2;

/**
 * How many blocks after its horizon an attempt can still be proven dead: about half an hour. Later, providers may have
 * thrown away the blocks in which it could have landed, and their not knowing it proves nothing.
 */
const MEMORY = 5_000n;

/** Decides. */
export function decide(facts: Facts): Decision {
  // A worker may have died between two notes: what the ledger says has landed has landed.
  const known = facts.attempts.find(({ state }) => state === 'landed');
  if (known) return { do: 'paid', attempt: known, proof: known.proof };
  const landed = facts.attempts.find((attempt) => seen(facts, attempt).some(isPaid));
  if (landed) return { do: 'paid', attempt: landed, proof: proofOf(facts, landed) };
  const current = facts.attempts.findLast(({ state }) => state !== 'discarded');
  if (!current || current.state === 'expired' || current.state === 'failed') return next(facts);
  return current.state === 'signed' ? first(facts, current) : follow(facts, current);
}

/** No attempt can land any more. */
function next({ attempts, isCancelled, decidedNo }: Facts): Decision {
  if (isCancelled) return { do: 'cancel' };
  // A person who says that nothing was paid allows as many attempts again.
  const used = attempts.filter(({ state, no }) => state !== 'discarded' && no > decidedNo).length;
  if (used >= MOST_ATTEMPTS) return { do: 'review', why: 'attempts', proof: attempts.map(({ proof }) => proof) };
  return { do: 'sign', no: attempts.length + 1 };
}

/** Bytes that have never left. */
const first = ({ isCancelled }: Facts, attempt: PaymentAttempt): Decision =>
  isCancelled ? { do: 'cancel' } : { do: 'send', attempt };

/** Bytes that may be anywhere: only the same bytes may be sent, until it is proven that they are dead. */
function follow(facts: Facts, attempt: PaymentAttempt): Decision {
  const statuses = seen(facts, attempt);
  // It was seen, and may still vanish with its fork: nothing is proven until it is final.
  const isOver = facts.reports.some(({ final }) => final.height > attempt.horizon);
  if (statuses.length > 0) {
    if (hasFailed(facts, attempt)) return failed(facts, attempt);
    // Whoever says that it was seen may lie, or stand on a fork: who does not know it gets the same bytes again.
    const isKnownToAll = facts.reports.every((report) => report.statuses.get(attempt.signature));
    return isOver || isKnownToAll ? watch(facts, attempt) : { do: 'send', attempt };
  }
  const silent = facts.reports.filter((report) => isSilent(report, attempt));
  if (isEnough(facts, silent)) return dead(facts, attempt, silent);
  return isOver ? watch(facts, attempt) : { do: 'send', attempt };
}

/** Nothing is proven yet. If nobody watches any more, and the time for proofs is over, nothing ever will be. */
function watch(facts: Facts, attempt: PaymentAttempt): Decision {
  const isLost = facts.isAbandoned && facts.reports.some(({ final }) => final.height - attempt.horizon > MEMORY);
  return isLost ? { do: 'review', why: 'abandoned', proof: proofOf(facts, attempt) } : { do: 'watch' };
}

/** One provider alone could lie about a failure, too: enough of them must say so, and nobody anything else. */
function hasFailed(facts: Facts, attempt: PaymentAttempt): boolean {
  const failures = facts.reports.filter(({ statuses }) => {
    const status = statuses.get(attempt.signature);
    return status?.commitment === 'finalized' && status.error !== null;
  });
  return isEnough(facts, failures) && seen(facts, attempt).every(({ error }) => error !== null);
}

/** A taken receipt says "paid already", or that somebody made the account first: neither may be guessed. */
function failed(facts: Facts, attempt: PaymentAttempt): Decision {
  const proof = proofOf(facts, attempt);
  const { error } = seen(facts, attempt).find(({ commitment }) => commitment === 'finalized')!;
  if (hasReceipt(facts) && (isTaken(error) || hasMade(facts, attempt)))
    return { do: 'review', why: 'receiptTaken', proof };
  if (isOneWord(facts, attempt)) return { do: 'review', why: 'oneProvider', proof };
  return { do: 'failed', attempt, error, proof };
}

/** One provider alone could lie. Then only the receipt keeps a second transaction from paying, too. */
function dead(facts: Facts, attempt: PaymentAttempt, silent: readonly Report[]): Decision {
  const proof = silent.map(({ provider, final, slot }) => ({
    provider,
    finalHeight: String(final.height),
    finalSlot: String(final.slot),
    statusSlot: String(slot),
    horizon: String(attempt.horizon),
    status: null,
  }));
  // The transaction that nobody knows made it: so it landed, whatever they say.
  if (hasMade(facts, attempt)) return { do: 'review', why: 'receiptTaken', proof };
  if (isOneWord(facts, attempt)) return { do: 'review', why: 'oneProvider', proof };
  const fresh = silent.filter(({ final }) => isDecided(facts, attempt) || final.height - attempt.horizon <= MEMORY);
  if (!isEnough(facts, fresh)) return { do: 'review', why: 'tooOld', proof };
  const sure = fresh.filter(({ receipts }) => attempt.receipt === null || receipts !== null);
  return isEnough(facts, sure) ? { do: 'expire', attempt, proof } : watch(facts, attempt);
}

/** Whether one provider alone says so, with nothing to confirm it: neither a receipt nor a person. */
const isOneWord = (facts: Facts, attempt: PaymentAttempt): boolean =>
  facts.providers < WITNESSES && !hasReceipt(facts) && !isDecided(facts, attempt);

/** Whether a person found out that an attempt did not pay. */
const isDecided = ({ decidedNo }: Facts, { no }: PaymentAttempt): boolean => no <= decidedNo;

/** Every transaction that may land makes the receipt, so the chain itself refuses a second one. */
const hasReceipt = ({ attempts }: Facts): boolean =>
  attempts.every(({ state, receipt }) => state === 'discarded' || receipt !== null);

/** Whether enough providers say the same. One that is asked at two addresses counts once. */
export const isEnough = ({ providers }: Pick<Facts, 'providers'>, reports: readonly Report[]): boolean =>
  new Set(reports.map(({ provider }) => provider)).size >= Math.min(WITNESSES, providers);

/** Whether a provider sees the receipt of an attempt on the chain. */
const hasMade = ({ reports }: Facts, { receipt }: PaymentAttempt): boolean =>
  receipt !== null && reports.some(({ receipts }) => receipts?.has(receipt));

/**
 * Whether a provider says that bytes are dead: the last block in which they could be is final, and the provider, which
 * knew at least that block when it was asked, does not know the signature.
 */
export const isSilent = (
  { final, slot, statuses }: Report,
  { horizon, signature }: Pick<PaymentAttempt, 'horizon' | 'signature'>,
): boolean => final.height > horizon && slot >= final.slot && statuses.get(signature) === null;

const seen = ({ reports }: Facts, { signature }: PaymentAttempt): SignatureStatus[] =>
  reports.flatMap(({ statuses }) => statuses.get(signature) ?? []);

const isPaid = ({ commitment, error }: SignatureStatus): boolean => commitment === 'finalized' && error === null;

const proofOf = ({ reports }: Facts, { signature }: PaymentAttempt): Json =>
  reports.flatMap(({ provider, slot, statuses }) => {
    const status = statuses.get(signature);
    if (!status) return [];
    return [{ provider, slot: String(status.slot), at: String(slot), status: status.commitment, error: status.error }];
  });

/** The first instruction that can fail makes the receipt; `Custom: 0` says that its account exists. */
const isTaken = (error: Json): boolean => instructionError(error)[1] === 0;
