import type { PaymentTerms, Taken } from '../../payments.ts';
import type { Instruction } from '../chain/instructions.ts';
import type { Account, Provider } from '../chain/port.ts';
import { SOL_DECIMALS, toUnits } from '../notation/amounts.ts';
import { mintOf } from '../payment/moves.ts';
import { type Compare, type Plan, type Planning, planOf } from '../payment/plan.ts';
import { judgeCall, judgeProgram, refused } from '../policy.ts';
import { takenFrom } from './taken.ts';
import { changedBy, tryCall, withoutCosts } from './trial.ts';

/** A call, and what its author allows it to take. */
export interface CallOrder {
  readonly instruction: Instruction;
  /** Decimal texts by asset; null: what the simulation says. */
  readonly most: readonly { readonly asset: string; readonly amount: string }[] | null;
  readonly mostPriority: bigint;
}

/**
 * Makes the plan of a call: simulates it, and compares with the wallet's policy what the wallet would lose.
 *
 * @throws NodeError `solana.policy`, `solana.simulation`
 */
export async function planCall(given: Planning, terms: PaymentTerms, order: CallOrder): Promise<Plan> {
  const { provider, signer, now } = given;
  const { instruction, mostPriority } = order;
  judgeProgram(signer.policy, terms, now);
  const tried = await tryCall(provider, terms.wallet, instruction);
  const decimals = await decimalsOf(provider, [...tried.taken.keys(), ...(order.most ?? []).map(({ asset }) => asset)]);
  const taken = takenBy(order, tried.taken, decimals);
  const judged = judgeCall(signer.policy, terms, taken, now);
  const accounts = changedBy(terms.wallet, instruction);
  const move = { instructions: [instruction], units: tried.units, rent: 0n, mostRent: 0n, accounts };
  const compare: Compare = (plan, before, after) => compareCall({ wallet: terms.wallet, taken, plan }, before, after);
  return planOf(given, { terms, judged, move, taken, mostPriority, compare });
}

type Accounts = readonly (Account | null)[];

/** What is set aside: what the author allows, or what the simulation takes. @throws NodeError `solana.policy` */
function takenBy(
  { most }: CallOrder,
  simulated: ReadonlyMap<string, bigint>,
  decimals: ReadonlyMap<string, number>,
): Taken[] {
  const of = (asset: string, amount: bigint): Taken => ({ asset, amount, decimals: decimals.get(asset)! });
  if (most === null) return [...simulated].map(([asset, amount]) => of(asset, amount));
  const taken = most.map(({ asset, amount }) => of(asset, unitsOf(asset, amount, decimals)));
  refuseMore(simulated, taken);
  return taken;
}

function unitsOf(asset: string, amount: string, decimals: ReadonlyMap<string, number>): bigint {
  const units = toUnits(amount, decimals.get(asset)!);
  if (units !== null) return units;
  throw refused(`most: "${amount}" is no amount of ${asset}, which has ${decimals.get(asset)} decimals.`);
}

/** @throws NodeError `solana.policy` if more would be taken than is set aside */
function refuseMore(simulated: ReadonlyMap<string, bigint>, taken: readonly Taken[]): void {
  for (const [asset, amount] of simulated) {
    const allowed = taken.find((one) => one.asset === asset)?.amount ?? 0n;
    if (amount > allowed)
      throw refused(
        `The call would take ${amount} base units of ${asset}, and ${allowed} are allowed. Nothing was signed.`,
      );
  }
}

/** The very transaction that is to be signed must take no more than was set aside, and no power. */
function compareCall(
  {
    wallet,
    taken,
    plan,
  }: { readonly wallet: string; readonly taken: readonly Taken[]; readonly plan: Pick<Plan, 'cost' | 'accounts'> },
  before: Accounts,
  after: Accounts,
): void {
  const { amounts, control } = takenFrom(wallet, plan.accounts, before, after);
  if (control !== null) throw refused(`After the call, ${control}. Nothing was signed.`);
  refuseMore(withoutCosts(amounts, plan.cost), taken);
}

async function decimalsOf(provider: Provider, assets: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number>();
  for (const asset of new Set(assets)) all.set(asset, (await mintOf(provider, asset))?.decimals ?? SOL_DECIMALS);
  return all;
}
