import {
  COST,
  type Payment,
  type PaymentLimit,
  type Payments,
  type PaymentTerms,
  type Share,
  type Taken,
} from '../../payments.ts';
import { feeOf } from '../chain/fee.ts';
import type { Instruction } from '../chain/instructions.ts';
import { computeBudget, createReceipt } from '../chain/library.ts';
import type { Account, Provider } from '../chain/port.ts';
import { fromUnits, SOL_DECIMALS } from '../notation/amounts.ts';
import { type Allowed, judge, refuseCost } from '../policy.ts';
import { askApproval } from '../wallet/approval.ts';
import { madeReceipts } from '../wallet/receipts.ts';
import type { Signer } from '../wallet/signer.ts';
import { MOST_ATTEMPTS } from './decide.ts';

/** What somebody wants to be paid. */
export interface Order {
  readonly recipient: string;
  /** `SOL`, or the address of a mint. */
  readonly asset: string;
  /** A decimal text. */
  readonly amount: string;
  /** A name that is paid once in this workspace, whichever step asks; null: the step is the name. */
  readonly payOnce: string | null;
  /** The most that is paid, beside the usual fee, for being served soon: lamports. */
  readonly mostPriority: bigint;
}

/** How an asset changes hands. */
export interface Move {
  readonly instructions: readonly Instruction[];
  /** Work that the instructions need at most. */
  readonly units: number;
  /** Rent that the wallet pays for the recipient, as things are. */
  readonly rent: bigint;
  /** The same if the recipient closes the account meanwhile. */
  readonly mostRent: bigint;
  /** Accounts that change, the wallet first. */
  readonly accounts: readonly string[];
}

/** A payment before it is signed. */
export interface Plan {
  readonly terms: PaymentTerms;
  readonly instructions: readonly Instruction[];
  readonly accounts: readonly string[];
  /** Address of the receipt, if the payment makes one. */
  readonly receipt: string | null;
  /** What one transaction costs: fee, rent, and what the receipt holds. */
  readonly cost: bigint;
  /** What one transaction may cost, whatever becomes of the recipient's account until it lands. */
  readonly mostCost: bigint;
  readonly fee: bigint;
  /** What it may take besides costs. */
  readonly taken: readonly Taken[];
  /** What all its transactions may cost together: so much is set aside. */
  readonly mostCosts: bigint;
  readonly limits: readonly PaymentLimit[];
  /** How many of the instructions do what was ordered: the last ones. */
  readonly moves: number;
  /** Compares a simulation with what was ordered; null: as a transfer is compared. */
  readonly compare: Compare | null;
}

/** @throws NodeError `solana.policy` if accounts would change in another way than was ordered */
export type Compare = (
  plan: Pick<Plan, 'accounts' | 'cost'>,
  before: readonly (Account | null)[],
  after: readonly (Account | null)[],
) => void;

/** What a plan is made with. */
export interface Planning {
  readonly provider: Provider;
  readonly signer: Pick<Signer, 'policy' | 'receiptSeed'>;
  readonly now: Date;
  /** Null: nothing is to be signed, so nobody is asked. */
  readonly payments: Pick<Payments, 'hasPaidTo' | 'ask' | 'approval'> | null;
  /** What was signed for the payment before. */
  readonly attempts: Payment['attempts'];
}

/** Work of the receipt and of the budget itself. */
const OWN_UNITS = 2_000;

/**
 * Makes the plan of a transfer: compares it with the wallet's policy, and counts what it may cost.
 *
 * @throws NodeError `solana.policy`, `solana.needsApproval`, `solana.declined`
 */
export async function makePlan(
  given: Planning,
  terms: PaymentTerms,
  { mostPriority }: Pick<Order, 'mostPriority'>,
  move: Move,
): Promise<Plan> {
  const { signer, now, payments } = given;
  const judged = judge(signer.policy, terms, now, payments === null || (await payments.hasPaidTo(terms)));
  const { asset, amount, decimals } = terms;
  return planOf(given, { terms, judged, move, taken: [{ asset, amount, decimals }], mostPriority, compare: null });
}

/** What the policy allows, with how it is done. */
export interface Allowance extends Pick<Plan, 'terms' | 'taken' | 'compare'>, Pick<Order, 'mostPriority'> {
  readonly judged: Allowed;
  readonly move: Move;
}

/**
 * Makes the plan of what the policy allows: adds the receipt and the budget, and counts what it may cost, all its transactions
 * included. Asks a person, if the policy wants that, once nothing else speaks against it.
 *
 * @throws NodeError `solana.policy`, `solana.needsApproval`, `solana.declined`
 */
export async function planOf(given: Planning, allowance: Allowance): Promise<Plan> {
  const { provider, signer, payments } = given;
  const { terms, judged, move, taken, mostPriority, compare } = allowance;
  const needsReceipt = judged.needsReceipt || madeReceipts(given).length > 0;
  const held = needsReceipt ? await provider.rent(0) : 0n;
  const receipt = needsReceipt
    ? await createReceipt({ payer: terms.wallet, seed: await signer.receiptSeed(terms.id), lamports: held })
    : null;
  const { units, price, fee } = await quote(provider, move, mostPriority);
  const cost = fee + move.rent + held;
  // An attempt that fails on the chain costs its fee, and perhaps there is another one after it.
  const mostCost = fee + move.mostRent + held;
  const mostCosts = mostCost + fee * BigInt(MOST_ATTEMPTS - 1);
  refuseCost(signer.policy, mostCosts);
  if (judged.needsApproval)
    await askApproval(payments!, terms, signer.policy!, { expectedCosts: fromUnits(cost, SOL_DECIMALS) });
  return {
    terms,
    instructions: [
      ...(await computeBudget({ units, price })),
      ...(receipt ? [receipt.instruction] : []),
      ...move.instructions,
    ],
    moves: move.instructions.length,
    accounts: [...move.accounts, ...(receipt ? [receipt.address] : [])],
    receipt: receipt?.address ?? null,
    ...{ cost, mostCost, mostCosts, fee, taken, compare },
    limits: judged.limits,
  };
}

/** Asks for what is set aside for what a payment takes: its worth as well, if that is limited. */
export type Valuing = (taken: readonly Taken[]) => Promise<readonly Share[]>;

/** What has to be set aside for a plan. Its worth is asked for last, because prices become old. */
export const wantsOf = async ({ taken, mostCosts, limits }: Plan, value: Valuing) => ({
  reserve: [...(await value(taken)), { asset: COST, amount: mostCosts }],
  limits,
});

/** What the network takes for a payment. */
export async function quote(
  provider: Provider,
  move: Pick<Move, 'units' | 'accounts'>,
  most: bigint,
): Promise<{ readonly units: number; readonly price: bigint; readonly fee: bigint }> {
  const units = move.units + OWN_UNITS;
  const price = await priceOf(provider, move.accounts, { units, most });
  return { units, price, fee: feeOf(BigInt(units), price) };
}

/** What three of four transactions paid lately for a unit of work on these accounts, up to a limit. */
async function priceOf(
  provider: Provider,
  accounts: readonly string[],
  { units, most }: { readonly units: number; readonly most: bigint },
): Promise<bigint> {
  if (most === 0n) return 0n;
  const prices = [...(await provider.recentPrices(accounts))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const usual = prices[Math.floor(prices.length * 0.75)] ?? 0n;
  const highest = (most * 1_000_000n) / BigInt(units);
  return usual < highest ? usual : highest;
}
