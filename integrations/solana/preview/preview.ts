import { randomBytes } from 'node:crypto';
import { NodeError } from '../../error.ts';
import type { PaymentTerms } from '../../payments.ts';
import { isOnCurve, messageOf, wireOf } from '../chain/library.ts';
import { readHeld } from '../chain/mint.ts';
import type { Account, Provider } from '../chain/port.ts';
import { SYSTEM } from '../chain/programs.ts';
import { reading } from '../chain/reading.ts';
import { fromUnits, SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { moneyOf, type RecipientKind } from '../notation/fields.ts';
import type { OpenWallet } from '../open.ts';
import { simulatePlan } from '../payment/changes.ts';
import { mintOf, moveOf } from '../payment/moves.ts';
import { makePlan } from '../payment/plan.ts';
import { costsOf, type Estimated, priceOf } from '../reading/estimate.ts';
import { valued } from '../wallet/worth.ts';

/** What a wallet would do about a payment. Nothing is signed, written or sent. */
export function previewPayment(wallet: OpenWallet, order: Estimated) {
  const { chain, key, connection } = wallet;
  return reading(chain, async (provider) => {
    const decimals = (await mintOf(provider, order.asset))?.decimals ?? SOL_DECIMALS;
    const amount = toUnits(order.amount, decimals);
    if (amount === null || amount === 0n)
      throw new NodeError(
        'input.invalid',
        `"${order.amount}" is no amount of ${order.asset} above zero with at most ${decimals} decimals.`,
      );
    const terms: PaymentTerms = {
      ...{ id: 'preview', chain: chain.name, wallet: key.address, connection },
      ...{ recipient: order.to, asset: order.asset, amount, decimals },
    };
    const tried = await tryOut(provider, wallet, terms, order);
    return {
      ...{ from: key.address, to: order.to, asset: order.asset },
      ...{ amount: fromUnits(amount, decimals), raw: String(amount) },
      recipient: await recipientOf(provider, order.to),
      costs: tried.costs ?? (await refusable(() => priceOf(provider, key.address, order))).value ?? null,
      refusal: tried.refusal,
    };
  });
}

/** Goes as far as a payment does before it is signed. */
async function tryOut(provider: Provider, { policy, prices }: OpenWallet, terms: PaymentTerms, order: Estimated) {
  let costs: ReturnType<typeof costsOf> | null = null;
  const { refusal } = await refusable(async () => {
    const move = await moveOf(provider, policy, terms, await mintOf(provider, terms.asset));
    // A receipt that nobody has made: the payment's own is the secret of whoever holds the key.
    const signer = { policy, receiptSeed: async () => randomBytes(16).toString('hex') };
    const mostPriority = toUnits(order.maxPriorityFee, SOL_DECIMALS)!;
    const given = { provider, signer, now: new Date(), payments: null, attempts: [] };
    const plan = await makePlan(given, terms, { mostPriority }, move);
    costs = costsOf({ fee: plan.fee, rent: move.rent, receipt: plan.cost - plan.fee - move.rent });
    const { blockhash } = await provider.latestBlockhash();
    const message = await messageOf({ payer: terms.wallet, blockhash, instructions: plan.instructions });
    await simulatePlan(provider, { plan, wire: wireOf(message, new Uint8Array(64)), policy });
    await valued(prices, { policy, connection: terms.connection }, plan.taken);
  });
  return { costs: costs as ReturnType<typeof costsOf> | null, refusal };
}

/** What work gives, or why it is refused. What another attempt may mend is no refusal. */
async function refusable<T>(work: () => Promise<T>) {
  try {
    return { value: await work(), refusal: null };
  } catch (error) {
    if (!(error instanceof NodeError) || error.retryable) throw error;
    return { value: undefined, refusal: { code: error.code, message: error.message } };
  }
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
