import type { Payment, Payments } from '../../payments.ts';
import type { BoundChain } from '../chain/bind.ts';
import { conclude, isConclusion } from './conclude.ts';
import { nextStep } from './observe.ts';
import { isSame } from './pay.ts';

/**
 * Settles payments of a wallet that were sent and then left alone, because their runs were terminated: what they hold would
 * count against the wallet's limits for ever. Nothing is signed and nothing is sent. If somebody works on one all the same,
 * their next look at the ledger tells them.
 */
export async function sweep(payments: Payments, chain: BoundChain, wallet: string): Promise<void> {
  // Whoever sweeps has a payment of their own to make, which must not fail because of these: the next one sweeps again.
  const left = await payments.abandoned(wallet, chain.name).catch(() => []);
  for (const payment of left) await settleLeft(payments, chain, payment).catch(() => undefined);
}

async function settleLeft(payments: Payments, chain: BoundChain, left: Payment): Promise<void> {
  for (let payment = left; payment.state === 'open'; ) {
    const decision = await nextStep(chain, payment, { isCancelled: true, isAbandoned: true });
    if (!isConclusion(decision)) return;
    const before = payment;
    payment = await conclude(payments, before, decision);
    if (isSame(before, payment)) return;
  }
}
