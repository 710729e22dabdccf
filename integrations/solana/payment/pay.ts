import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import {
  COST,
  type Payment,
  type PaymentAttempt,
  type Payments,
  type PaymentTerms,
  type SignedAttempt,
} from '../../payments.ts';
import type { BoundChain } from '../chain/bind.ts';
import type { Signer } from '../wallet/signer.ts';
import { conclude } from './conclude.ts';
import type { Decision } from './decide.ts';
import { nextStep } from './observe.ts';
import { type Plan, type Valuing, wantsOf } from './plan.ts';
import { type Signing, signAttempt } from './sign-attempt.ts';

/** All that a payment is made with. */
export interface Paying {
  readonly payments: Payments;
  readonly chain: BoundChain;
  readonly signer: Signer;
  readonly terms: PaymentTerms;
  /** Made only if something is to be signed. */
  readonly plan: () => Promise<Plan>;
  readonly value: Valuing;
  /** Aborted when nobody wants the payment any more, or this worker stops. */
  readonly cancelled: AbortSignal;
  readonly clock: PayClock;
}

/** How long a payment waits. */
export interface PayClock {
  readonly now: () => number;
  /** Waits between two looks at the chain. */
  readonly pause: () => Promise<void>;
  /** After this time a person has to decide. */
  readonly patienceMs: number;
  /** How long a payment that was sent is still watched after it was cancelled. */
  readonly lingerMs: number;
  /** How long signing waits for a second provider while one alone answers. */
  readonly companyMs: number;
}

/**
 * Makes a payment, or goes on with it wherever another attempt of the step left off: the ledger alone says where that is.
 * Sends only bytes that the ledger holds, and makes new ones only when the old ones are proven dead.
 *
 * @returns the payment, settled
 * @throws NodeError what refuses the payment before anything was sent; the reason of `cancelled`
 */
export async function pay(work: Paying): Promise<Payment> {
  let payment = await open(work);
  const limits = createLimits(work);
  /** How often signing came to nothing: the bytes were those of an attempt that is dead, or one provider alone answered. */
  let fruitless = 0;
  try {
    while (payment.state === 'open' || payment.state === 'review') {
      const decision = await nextStep(work.chain, payment, { isCancelled: work.cancelled.aborted, isAbandoned: false });
      const isFinal = decision.do === 'paid' || decision.do === 'failed';
      if (payment.state === 'review' && !isFinal) return payment;
      if (!isFinal) limits.giveUpIfDue();
      const before = payment;
      payment =
        !isFinal && limits.isTooLong()
          ? await endLate(work, payment)
          : await carryOut(work, payment, decision, { fruitless, mayBeAlone: limits.mayBeAlone(decision) });
      if (decision.do !== 'sign' || !isSame(before, payment)) continue;
      fruitless += 1;
      await work.clock.pause();
    }
  } catch (error) {
    await letGo(work, error);
    throw error;
  }
  return payment;
}

/** The payment of these terms, opened if nothing of it is decided. */
async function open({ payments, terms, plan, value }: Paying): Promise<Payment> {
  const wants = async () => wantsOf(await plan(), value);
  const begin = async (): Promise<Payment> => {
    try {
      return await payments.begin(terms, await wants());
    } catch (error) {
      if ((error as { code?: string }).code !== 'payment.stalePrice') throw error;
      throw new NodeError('solana.noPrice', (error as Error).message, { retryable: true, cause: error });
    }
  };
  const found = await payments.read(terms.id);
  const isNew = found === null || ['refused', 'cancelled', 'failed'].includes(found.state);
  if (isNew) return begin();
  return payments.begin(terms, { reserve: [], limits: [] }).catch(async (error: unknown) => {
    // Another worker let it go since it was read: it begins anew, with all that has to be set aside.
    if ((error as { code?: string }).code !== 'payment.ended') throw error;
    return begin();
  });
}

async function carryOut(
  work: Paying,
  payment: Payment,
  decision: Decision,
  signing: Omit<Signing, 'no'>,
): Promise<Payment> {
  const { payments, terms, clock, cancelled } = work;
  switch (decision.do) {
    case 'sign': {
      const signed = await signNext(work, payment, { no: decision.no, ...signing });
      if (signed) await payments.keep(terms.id, signed);
      break;
    }
    case 'send':
      await send(work, decision.attempt);
      await clock.pause();
      break;
    case 'watch':
      await clock.pause();
      break;
    case 'cancel':
      await conclude(payments, payment, decision);
      throw cancelled.reason;
    default:
      return conclude(payments, payment, decision);
  }
  // What counts is what the ledger holds now, whoever wrote it: bytes that were just signed are read back here.
  const now = await payments.read(terms.id);
  if (now === null) throw new NodeError('solana.ledger', 'The payment is gone from the ledger.', { unknown: true });
  return now;
}

/** @throws NodeError `solana.costs` if the transaction may cost more by now than is set aside: then the step begins anew */
async function signNext(work: Paying, { reserved }: Payment, which: Signing): Promise<SignedAttempt | null> {
  const plan = await work.plan();
  const held = (asset: string): bigint => reserved.find((one) => one.asset === asset)?.amount ?? 0n;
  const more = plan.taken.find(({ asset, amount }) => amount > held(asset));
  if (more) throw costsMore(`${more.amount} base units of ${more.asset}`, held(more.asset));
  if (plan.mostCost <= held(COST)) return signAttempt(work, plan, which);
  throw costsMore(`${plan.mostCost} lamports of fees and rent`, held(COST));
}

const costsMore = (what: string, held: bigint): NodeError =>
  new NodeError('solana.costs', `It may take ${what} by now, and ${held} are set aside. Nothing was signed.`, {
    retryable: true,
  });

/** Hands the stored bytes to every provider. No answer of theirs says whether the bytes land, so none is looked at. */
async function send({ payments, terms, chain }: Paying, { no, wire }: PaymentAttempt): Promise<void> {
  if (!(await payments.sending(terms.id, no))) return;
  await Promise.allSettled(chain.providers.map((provider) => provider.send(wire)));
}

/**
 * The time is up. A person must decide about what was sent.
 *
 * @throws NodeError `solana.late` if nothing can land: then the step begins again
 */
async function endLate({ payments, terms }: Paying, { attempts }: Payment): Promise<Payment> {
  if (!attempts.some(({ state }) => state === 'sent'))
    throw new NodeError('solana.late', 'No transaction could be made in time.', { retryable: true });
  const said: Json = attempts.map(({ no, state, proof }) => ({ no, state, proof }));
  return payments.settle(terms.id, { state: 'review', proof: { why: 'patience', said }, spent: [] });
}

/** Whether nothing about a payment has changed. */
export const isSame = (before: Payment, now: Payment): boolean =>
  before.state === now.state &&
  before.attempts.length === now.attempts.length &&
  before.attempts.every(({ state }, index) => state === now.attempts[index]!.state);

/**
 * The step fails. If nothing was sent, what was set aside is free again, and a later attempt begins anew; otherwise the
 * ledger refuses that, and the payment stays open for whoever comes next.
 */
async function letGo({ payments, terms }: Paying, error: unknown): Promise<void> {
  const code = error instanceof NodeError ? error.code : 'interrupted';
  const isTaken = code === 'solana.receiptTaken';
  const isRefused = error instanceof NodeError && !error.retryable;
  const state = isTaken ? 'review' : isRefused ? 'refused' : 'cancelled';
  await payments.settle(terms.id, { state, proof: { why: code }, spent: [] }).catch(() => undefined);
}

/** How long a payment is worked on: until a person must decide, or, once it is cancelled, for a while. */
function createLimits({ cancelled, clock }: Paying) {
  const began = clock.now();
  let cancelledAt: number | null = null;
  /** Since when an attempt is to be signed. */
  let signingSince: number | null = null;
  return {
    isTooLong: () => clock.now() - began > clock.patienceMs,
    /** Whether to sign on the word of one provider: nobody else has answered for long enough. */
    mayBeAlone: (decision: Decision): boolean => {
      signingSince = decision.do === 'sign' ? (signingSince ?? clock.now()) : null;
      return signingSince !== null && clock.now() - signingSince > clock.companyMs;
    },
    /** @throws the reason of the cancellation */
    giveUpIfDue: () => {
      if (!cancelled.aborted) return;
      cancelledAt ??= clock.now();
      const isStopping = (cancelled.reason as Error | undefined)?.message === 'WORKER_SHUTDOWN';
      if (isStopping || clock.now() - cancelledAt > clock.lingerMs) throw cancelled.reason;
    },
  };
}
