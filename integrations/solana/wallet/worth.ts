import { NodeError } from '../../error.ts';
import { type PaymentTerms, type Share, USD } from '../../payments.ts';
import { toUnits } from '../notation/amounts.ts';
import { parseDecimal, times, unitsUp } from '../notation/decimal.ts';
import { type Policy, refused, USD_DECIMALS } from '../policy.ts';
import type { AgreedPrice, PriceWish } from '../prices/agreed-price.ts';
import { shownPrice } from '../prices/fields.ts';
import { idsOf } from '../prices/ids.ts';

/** Asks the feeds of a wallet for a price. */
export type PriceSource = (wish: PriceWish) => Promise<AgreedPrice>;

/** What a price must be like by which money is counted. */
const DEMANDS = {
  agree: 2,
  maxAgeMs: 120_000,
  maxSpread: { units: 1n, scale: 0 },
  maxConfidence: { units: 1n, scale: 0 },
} as const;

type Paid = Pick<PaymentTerms, 'asset' | 'amount' | 'decimals' | 'connection'>;

/**
 * What a payment is worth in USD at the upper end of a price on which two feeds agree now, to be set aside with the payment; null if
 * the policy has no limits in USD.
 *
 * @throws NodeError `solana.noPrice` without such a price; `solana.policy` if the payment is worth too much
 */
export async function worthOf(source: PriceSource | null, policy: Policy | null, paid: Paid): Promise<Share | null> {
  if (!policy?.usd) return null;
  const agreed = await priceOf(source, policy, paid);
  const { high, ...told } = shownPrice(agreed);
  const share: Share = {
    asset: USD,
    amount: unitsAt(high, paid),
    price: { high, freshUntil: new Date(agreed.at + DEMANDS.maxAgeMs).toISOString(), agreed: told },
  };
  refuseWorth(policy, share.amount);
  return share;
}

/** Millionths of a dollar, rounded up. */
const unitsAt = (price: string, { amount, decimals }: Pick<PaymentTerms, 'amount' | 'decimals'>): bigint =>
  unitsUp(times({ units: amount, scale: decimals }, parseDecimal(price)!), USD_DECIMALS);

async function priceOf(source: PriceSource | null, policy: Policy, { asset, connection }: Paid): Promise<AgreedPrice> {
  if (source === null)
    throw new NodeError(
      'solana.noPrice',
      `The policy of the wallet "${connection}" has limits in USD, but the wallet names no price feeds. Give it the name of a connection of type price-feeds as "prices".`,
    );
  const own = policy.assets.find((one) => one.asset === asset)?.ids;
  try {
    return await source({ ...DEMANDS, asset, ids: idsOf(asset, own) });
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const { retryable, retryAfterMs, details = null } = error;
    throw new NodeError('solana.noPrice', `Limits in USD need a price. ${error.message}`, {
      retryable,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      details: { code: error.code, details },
      cause: error,
    });
  }
}

/** @throws NodeError `solana.policy` if a payment is worth more than one may be */
function refuseWorth({ usd }: Policy, worth: bigint): void {
  const most = usd && toUnits(usd.perTransaction, USD_DECIMALS);
  if (most !== undefined && most !== null && worth > most)
    throw refused(
      `The payment is worth ${worth} millionths of a USD, and the wallet's policy allows ${usd!.perTransaction} USD for one payment.`,
    );
}

/**
 * Compares what is set aside in USD with the policy, where the key is: the amount must be that of the price that the ledger holds.
 *
 * @throws NodeError `solana.policy`
 */
export function refuseUnworthy(policy: Policy | null, terms: Paid, reserved: readonly Share[]): void {
  if (!policy?.usd) return;
  const held = reserved.find(({ asset }) => asset === USD);
  if (!held?.price) throw refused('The policy of the wallet has limits in USD, and nothing is set aside for them.');
  if (held.amount !== unitsAt(held.price.high, terms))
    throw refused('What is set aside in USD is not what the payment is worth by the price in the ledger.');
  refuseWorth(policy, held.amount);
}
