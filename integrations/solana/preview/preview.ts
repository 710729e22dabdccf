import { randomBytes } from 'node:crypto';
import { NodeError } from '../../error.ts';
import { type Claim, COST, type Payments, type PaymentTerms, type Taken, USD } from '../../payments.ts';
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
import { makePlan, type Plan, wantsOf } from '../payment/plan.ts';
import { costsOf, type Estimated, priceOf } from '../reading/estimate.ts';
import { valued, worthOfEach } from '../wallet/worth.ts';

/** A payment that is looked at. */
export interface Previewed extends Estimated {
  /** Payments that the wallet would make before: they count against its limits and what it holds, too. */
  readonly before: readonly {
    readonly to: string;
    readonly asset: string;
    readonly amount: string;
    /** Fee, rent and receipt, in SOL. */
    readonly costs?: string | undefined;
  }[];
}

/** What is known besides the chain. */
export interface PreviewBy {
  readonly wallet: OpenWallet;
  /** Absent where nothing is kept: then limits of days, runs and recipients are not looked at. */
  readonly payments: Payments | undefined;
}

/** What a wallet would do about a payment. Nothing is signed, written or sent. */
export function previewPayment(by: PreviewBy, order: Previewed) {
  const { chain, key, connection } = by.wallet;
  return reading(chain, async (provider) => {
    const { amount, decimals } = await takenBy(provider, order);
    const terms: PaymentTerms = {
      ...{ id: 'preview', chain: chain.name, wallet: key.address, connection },
      ...{ recipient: order.to, asset: order.asset, amount, decimals },
    };
    const tried = await tryOut(provider, by, terms, order);
    return {
      ...{ from: key.address, to: order.to, asset: order.asset },
      ...{ amount: fromUnits(amount, decimals), raw: String(amount) },
      recipient: await recipientOf(provider, order.to),
      costs: tried.costs ?? (await refusable(() => priceOf(provider, key.address, order))).value ?? null,
      refusal: tried.refusal,
    };
  });
}

/** What is to be paid, in base units. @throws NodeError `input.invalid` */
async function takenBy(provider: Provider, given: Pick<Estimated, 'asset' | 'amount'>): Promise<Taken> {
  const { asset, amount: text } = given;
  const decimals = (await mintOf(provider, asset))?.decimals ?? SOL_DECIMALS;
  const amount = toUnits(text, decimals);
  if (amount !== null && amount > 0n) return { asset, amount, decimals };
  throw new NodeError(
    'input.invalid',
    `"${text}" is no amount of ${asset} above zero with at most ${decimals} decimals.`,
  );
}

/** Goes as far as a payment does before it is signed. */
async function tryOut(provider: Provider, { wallet, payments }: PreviewBy, terms: PaymentTerms, order: Previewed) {
  const { policy, prices, connection } = wallet;
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
    const wants = await wantsOf(plan, (taken) => valued(prices, { policy, connection }, taken));
    const claims = await claimsOf(provider, wallet, order);
    if (claims.length > 0) await refuseShort(provider, plan, claims);
    const refused = await payments?.whyNot(terms, { ...wants, claims });
    if (refused) throw new NodeError(refused.code, refused.message);
  });
  return { costs: costs as ReturnType<typeof costsOf> | null, refusal };
}

/** What the payments before would take. */
async function claimsOf(
  provider: Provider,
  { policy, prices, connection }: OpenWallet,
  { before }: Previewed,
): Promise<Claim[]> {
  const taken: Taken[] = [];
  for (const one of before) taken.push(await takenBy(provider, one));
  const worth = await worthOfEach(prices, { policy, connection }, taken);
  return before.flatMap(({ to: recipient, asset, costs = '0' }, index) => [
    { recipient, asset, amount: taken[index]!.amount },
    { recipient, asset: COST, amount: toUnits(costs, SOL_DECIMALS)! },
    ...(worth ? [{ recipient, asset: USD, amount: worth[index]! }] : []),
  ]);
}

/**
 * The simulation knows nothing of the payments before, so what they take is counted here.
 *
 * @throws NodeError `solana.insufficientFunds`
 */
async function refuseShort(provider: Provider, plan: Plan, claims: readonly Claim[]): Promise<void> {
  const { terms, cost } = plan;
  const { asset, amount, wallet, decimals } = terms;
  const [own, source] = (await provider.accounts(plan.accounts.slice(0, 2))).accounts;
  const claimed = (which: string): bigint =>
    claims.reduce((total, one) => (one.asset === which ? total + one.amount : total), 0n);
  const needed = claimed('SOL') + claimed(COST) + cost + (asset === 'SOL' ? amount : 0n);
  const left = (own?.lamports ?? 0n) - needed;
  // An account is empty, or holds enough to exist.
  const isShort = left < 0n || (left > 0n && left < (await provider.rent(0)));
  const tokens = (source && readHeld(source)?.amount) ?? 0n;
  if (!isShort && (asset === 'SOL' || tokens >= claimed(asset) + amount)) return;
  throw new NodeError(
    'solana.insufficientFunds',
    `The wallet ${wallet} does not hold enough for this and the payments before it: ${
      isShort
        ? `${fromUnits(needed, SOL_DECIMALS)} SOL with all fees and rent`
        : `${fromUnits(claimed(asset) + amount, decimals)} ${asset}`
    } would be needed.`,
  );
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
