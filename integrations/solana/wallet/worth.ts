import { NodeError } from '../../error.ts';
import { COST, type PaymentTerms, type PriceUsed, type Share, type Taken, USD } from '../../payments.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
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

/**
 * What is set aside for what a payment takes. Under limits in USD, each amount has the price by which it counts, the upper end of
 * one on which two feeds agree now, and what all of them are worth together is set aside, too.
 *
 * @throws NodeError `solana.noPrice` without such a price of each asset; `solana.policy` if the payment is worth too much
 */
export async function valued(source: PriceSource | null, given: Valued, taken: readonly Taken[]): Promise<Share[]> {
  const { policy } = given;
  if (!policy?.usd) return taken.map(({ asset, amount }) => ({ asset, amount }));
  const shares = await priced(source, { ...given, policy }, taken);
  const worth = worthOf(shares);
  refuseWorth(policy, worth);
  return shares.length === 0 ? [] : [...shares, { asset: USD, amount: worth }];
}

/**
 * What each of several amounts is worth in USD, however much that is; null if the policy has no limits in USD.
 *
 * @throws NodeError `solana.noPrice`
 */
export async function worthOfEach(
  source: PriceSource | null,
  given: Valued,
  taken: readonly Taken[],
): Promise<bigint[] | null> {
  const { policy } = given;
  if (!policy?.usd) return null;
  return (await priced(source, { ...given, policy }, taken)).map((share) => worthOf([share]));
}

/** Whose limits decide. */
interface Valued {
  readonly policy: Policy | null;
  readonly connection: string;
}

/** Puts a price to each amount. Each asset is asked for once. */
async function priced(
  source: PriceSource | null,
  given: Valued & { readonly policy: Policy },
  taken: readonly Taken[],
): Promise<Priced[]> {
  const assets = [...new Set(taken.map(({ asset }) => asset))];
  const prices = new Map(
    await Promise.all(assets.map(async (asset) => [asset, await priceOf(source, given, asset)] as const)),
  );
  return taken.map(({ asset, amount, decimals }) => {
    const agreed = prices.get(asset)!;
    const { high, ...told } = shownPrice(agreed);
    const freshUntil = new Date(agreed.at + DEMANDS.maxAgeMs).toISOString();
    return { asset, amount, price: { high, decimals, freshUntil, agreed: told } };
  });
}

/** An amount with its price. */
interface Priced extends Share {
  readonly price: PriceUsed;
}

/** Millionths of a dollar, each amount rounded up. */
const worthOf = (shares: readonly Priced[]): bigint =>
  shares.reduce((total, { amount, price }) => {
    const { high, decimals } = price;
    return total + unitsUp(times({ units: amount, scale: decimals }, parseDecimal(high)!), USD_DECIMALS);
  }, 0n);

async function priceOf(
  source: PriceSource | null,
  { policy, connection }: Valued & { readonly policy: Policy },
  asset: string,
): Promise<AgreedPrice> {
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
    throw new NodeError('solana.noPrice', `Limits in USD need a price of ${asset}. ${error.message}`, {
      retryable,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      details: { code: error.code, asset, details },
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
 * Compares what is set aside in USD with the policy, where the key is: it must be what all that the payment may take is worth by the
 * prices that the ledger holds.
 *
 * @throws NodeError `solana.policy`
 */
export function refuseUnworthy(
  policy: Policy | null,
  terms: Pick<PaymentTerms, 'asset' | 'decimals'>,
  reserved: readonly Share[],
): void {
  if (!policy?.usd) return;
  const taken = reserved.filter(({ asset }) => asset !== COST && asset !== USD);
  if (!taken.every(isPriced))
    throw refused('The policy of the wallet has limits in USD, and nothing is set aside for them.');
  const held = reserved.find(({ asset }) => asset === USD)?.amount ?? 0n;
  if (taken.some(({ asset, price }) => price.decimals !== decimalsOf(asset, terms, price)) || held !== worthOf(taken))
    throw refused('What is set aside in USD is not what the payment is worth by the prices in the ledger.');
  refuseWorth(policy, held);
}

const isPriced = (share: Share): share is Priced => share.price !== undefined;

/** Decimals of an asset. Those of a token that a program takes only the chain knows, so they were compared before. */
function decimalsOf(asset: string, terms: Pick<PaymentTerms, 'asset' | 'decimals'>, { decimals }: PriceUsed): number {
  if (asset === 'SOL') return SOL_DECIMALS;
  return asset === terms.asset ? terms.decimals : decimals;
}
