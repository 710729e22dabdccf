import type { Payments } from '../../payments.ts';
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
  for (let payment of await payments.abandoned(wallet, chain.name)) {
    while (payment.state === 'open') {
      const decision = await nextStep(chain, payment, { aborted: true });
      if (!isConclusion(decision)) break;
      const before = payment;
      payment = await conclude(payments, before, decision);
      if (isSame(before, payment)) break;
    }
  }
}
