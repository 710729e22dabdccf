import { setTimeout } from 'node:timers/promises';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Payments, PaymentTerms } from '../../payments.ts';
import { isOfProvider } from '../chain/errors.ts';
import { reading } from '../chain/reading.ts';
import { type OpenWallet, openWallet } from '../open.ts';
import { createSigner } from '../wallet/signer.ts';
import { valued } from '../wallet/worth.ts';
import type { Paid } from './paid.ts';
import { type PayClock, pay } from './pay.ts';
import type { Plan, Planning, Valuing } from './plan.ts';
import { outcomeOf } from './settled.ts';
import { sweep } from './sweep.ts';

/** What a payment needs of the context of its step. */
export type PayingStep = Pick<NodeContext, 'workspace' | 'idempotencyKey' | 'payments' | 'signal'>;

/** A payment, and how it is planned. */
export interface PlannedPayment {
  readonly terms: PaymentTerms;
  readonly planBy: (given: Planning) => Promise<Plan>;
}

/** Opens the wallet of the node for as long as it is worked with, which may be longer than anybody waits for the step. */
export async function withWallet<T>(ctx: NodeContext, work: (wallet: OpenWallet) => Promise<T>): Promise<T> {
  const network = new AbortController();
  try {
    return await work(await openWallet(ctx, network.signal));
  } catch (error) {
    throw worthAnotherTry(error);
  } finally {
    network.abort();
  }
}

/**
 * What an earlier attempt of the step has sent may land although no provider serves this one now, so the step does not end with that.
 */
function worthAnotherTry(error: unknown): unknown {
  if (!isOfProvider(error) || error.retryable || error.unknown) return error;
  const { code, message, details } = error;
  return new NodeError(code, message, { retryable: true, ...(details !== undefined && { details }), cause: error });
}

/**
 * Makes a payment of a wallet, once, whatever it pays for: the one way from a wallet to a settled payment.
 *
 * @throws NodeError what refuses the payment, or leaves it to a person
 */
export async function makePayment(
  ctx: PayingStep,
  wallet: OpenWallet,
  { terms, planBy }: PlannedPayment,
  clock: PayClock = usualClock(ctx.signal),
): Promise<Paid> {
  const { chain, key, policy, prices } = wallet;
  const payments = requireLedger(ctx.payments);
  await sweep(payments, chain, key.address);
  const signer = createSigner({ key, policy, payments, now: () => new Date() });
  const plan = () =>
    reading(chain, async (provider) => {
      const { attempts = [] } = (await payments.read(terms.id)) ?? {};
      return planBy({ provider, signer, payments, now: new Date(), attempts });
    });
  const value: Valuing = (taken) => valued(prices, { policy, connection: terms.connection }, taken);
  return outcomeOf(await pay({ payments, chain, signer, terms, plan, value, cancelled: ctx.signal, clock }));
}

/** The ledger, without which nothing is paid. @throws NodeError `solana.noLedger` */
export function requireLedger(payments: Payments | undefined): Payments {
  if (payments) return payments;
  throw new NodeError('solana.noLedger', 'There is no ledger here, so nothing is paid.');
}

/** Looks soon after something was sent, and then every two seconds. */
function usualClock(cancelled: AbortSignal): PayClock {
  let waits = 0;
  return {
    now: Date.now,
    pause: async () => {
      const ms = Math.min(2_000, 200 * 2 ** waits++) * (0.9 + Math.random() / 5);
      // Whoever cancels is heard at once.
      if (cancelled.aborted) await setTimeout(ms);
      else await setTimeout(ms, undefined, { signal: cancelled }).catch(() => undefined);
    },
    patienceMs: 40 * 60_000,
    lingerMs: 2 * 60_000,
    companyMs: 2 * 60_000,
  };
}
