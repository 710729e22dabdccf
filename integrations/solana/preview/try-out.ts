import { randomBytes } from 'node:crypto';
import { NodeError } from '../../error.ts';
import { type Claim, COST, type Payments, type Taken, USD } from '../../payments.ts';
import { messageOf, wireOf } from '../chain/library.ts';
import { readHeld } from '../chain/mint.ts';
import type { Provider } from '../chain/port.ts';
import { fromUnits, SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import type { OpenWallet } from '../open.ts';
import { simulatePlan } from '../payment/changes.ts';
import { mintOf } from '../payment/moves.ts';
import { type Plan, type Planning, wantsOf } from '../payment/plan.ts';
import { isCall } from '../wallet/call-name.ts';
import { valued, worthOfEach } from '../wallet/worth.ts';

/** A payment that the wallet would make before: it counts against its limits and what it holds, too. */
export interface Before {
  readonly to: string;
  readonly asset: string;
  readonly amount: string;
  /** Fee, rent and receipt, in SOL. */
  readonly costs?: string | undefined;
}

/** What is known besides the chain. */
export interface PreviewBy {
  readonly wallet: OpenWallet;
  /** Absent where nothing is kept: then limits of days, runs and recipients are not looked at. */
  readonly payments: Payments | undefined;
}

/** Why a wallet would not make a payment. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * Goes as far as a payment does before it is signed.
 *
 * @returns the plan, if it came to one, also where something speaks against it
 */
export async function tryOut(
  provider: Provider,
  { wallet, payments }: PreviewBy,
  before: readonly Before[],
  planBy: (given: Planning) => Promise<Plan>,
): Promise<{ readonly plan: Plan | null; readonly refusal: Refusal | null }> {
  const { policy, prices, connection, key } = wallet;
  let plan: Plan | null = null;
  const { refusal } = await refusable(async () => {
    // A receipt that nobody has made: the payment's own is the secret of whoever holds the key.
    const signer = { policy, receiptSeed: async () => randomBytes(16).toString('hex') };
    const planned = await planBy({ provider, signer, now: new Date(), payments: null, attempts: [] });
    plan = planned;
    const { blockhash } = await provider.latestBlockhash();
    const message = await messageOf({ payer: key.address, blockhash, instructions: planned.instructions });
    await simulatePlan(provider, { plan: planned, wire: wireOf(message, new Uint8Array(64)), policy });
    const wants = await wantsOf(planned, (taken) => valued(prices, { policy, connection }, taken));
    const claims = await claimsOf(provider, wallet, before);
    if (claims.length > 0) await refuseShort(provider, planned, claims);
    const refused = await payments?.whyNot(planned.terms, { ...wants, claims });
    if (refused) throw new NodeError(refused.code, refused.message);
  });
  return { plan, refusal };
}

/** So much of an asset, in base units. @throws NodeError `input.invalid` if it is less than `least`, or no amount */
export async function takenBy(
  provider: Provider,
  { asset, amount: text }: Pick<Before, 'asset' | 'amount'>,
  least: bigint,
): Promise<Taken> {
  const decimals = (await mintOf(provider, asset))?.decimals ?? SOL_DECIMALS;
  const amount = toUnits(text, decimals);
  if (amount !== null && amount >= least) return { asset, amount, decimals };
  throw new NodeError(
    'input.invalid',
    `"${text}" is no amount of ${asset}${least > 0n ? ' above zero' : ''} with at most ${decimals} decimals.`,
  );
}

/** What the payments before would take. */
async function claimsOf(
  provider: Provider,
  { policy, prices, connection }: OpenWallet,
  before: readonly Before[],
): Promise<Claim[]> {
  const taken: Taken[] = [];
  // A call of a program may take nothing but its costs.
  for (const one of before) taken.push(await takenBy(provider, one, 0n));
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
  const sol = plan.taken.find((one) => one.asset === 'SOL')?.amount ?? 0n;
  const needed = claimed('SOL') + claimed(COST) + cost + sol;
  const left = (own?.lamports ?? 0n) - needed;
  // An account is empty, or holds enough to exist.
  const isShort = left < 0n || (left > 0n && left < (await provider.rent(0)));
  const tokens = (source && readHeld(source)?.amount) ?? 0n;
  if (!isShort && (asset === 'SOL' || isCall(asset) || tokens >= claimed(asset) + amount)) return;
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
export async function refusable<T>(work: () => Promise<T>) {
  try {
    return { value: await work(), refusal: null };
  } catch (error) {
    if (!(error instanceof NodeError) || error.retryable) throw error;
    return { value: undefined, refusal: { code: error.code, message: error.message } };
  }
}
