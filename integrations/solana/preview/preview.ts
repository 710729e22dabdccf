import type { PaymentTerms } from '../../payments.ts';
import { isOnCurve } from '../chain/library.ts';
import { readHeld } from '../chain/mint.ts';
import type { Account, Provider } from '../chain/port.ts';
import { SYSTEM } from '../chain/programs.ts';
import { reading } from '../chain/reading.ts';
import { fromUnits, SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { moneyOf, type RecipientKind } from '../notation/fields.ts';
import { mintOf, moveOf } from '../payment/moves.ts';
import { makePlan, type Planning } from '../payment/plan.ts';
import { costsOf, type Estimated, priceOf } from '../reading/estimate.ts';
import { type Before, type PreviewBy, refusable, takenBy, tryOut } from './try-out.ts';

/** A payment that is looked at. */
export interface Previewed extends Estimated {
  readonly before: readonly Before[];
}

/** What a wallet would do about a payment. Nothing is signed, written or sent. */
export function previewPayment(by: PreviewBy, order: Previewed) {
  const { chain, key, connection, policy } = by.wallet;
  return reading(chain, async (provider) => {
    const { amount, decimals } = await takenBy(provider, order, 1n);
    const terms: PaymentTerms = {
      ...{ id: 'preview', chain: chain.name, wallet: key.address, connection },
      ...{ recipient: order.to, asset: order.asset, amount, decimals },
    };
    let rent = 0n;
    const planBy = async (given: Planning) => {
      const move = await moveOf(provider, policy, terms, await mintOf(provider, terms.asset));
      rent = move.rent;
      return makePlan(given, terms, { mostPriority: toUnits(order.maxPriorityFee, SOL_DECIMALS)! }, move);
    };
    const { plan, refusal } = await tryOut(provider, by, order.before, planBy);
    const costs = plan && costsOf({ fee: plan.fee, rent, receipt: plan.cost - plan.fee - rent });
    return {
      ...{ from: key.address, to: order.to, asset: order.asset },
      ...{ amount: fromUnits(amount, decimals), raw: String(amount) },
      recipient: await recipientOf(provider, order.to),
      costs: costs ?? (await refusable(() => priceOf(provider, key.address, order))).value ?? null,
      refusal,
    };
  });
}

async function recipientOf(provider: Provider, address: string) {
  const [found = null] = (await provider.accounts([address])).accounts;
  return {
    kind: await kindOf(address, found),
    owner: found?.owner ?? null,
    holds: moneyOf(found?.lamports ?? 0n, SOL_DECIMALS),
  };
}

async function kindOf(address: string, found: Account | null): Promise<RecipientKind> {
  if (found?.executable) return 'program';
  if (found && found.owner !== SYSTEM) return readHeld(found) ? 'tokenAccount' : 'programAccount';
  if (!(await isOnCurve(address))) return 'offCurve';
  return found ? 'wallet' : 'new';
}
