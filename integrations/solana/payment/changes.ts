import { isMap, type Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import { instructionError } from '../chain/instruction-error.ts';
import { readHeld } from '../chain/mint.ts';
import type { Account, Provider } from '../chain/port.ts';
import { simulateSteadily } from '../chain/steady.ts';
import { whyFailed } from '../chain/why-failed.ts';
import { fromUnits, SOL_DECIMALS } from '../notation/amounts.ts';
import { type Policy, refused } from '../policy.ts';
import type { Plan } from './plan.ts';

/**
 * Simulates the very transaction that is to be signed, and compares what it would change with what was ordered.
 *
 * @throws NodeError `solana.policy` if it would change anything else; `solana.insufficientFunds`, `solana.receiptTaken`,
 * `solana.simulation` if it would fail; `solana.unsteady` if the chain changes too fast to tell
 */
export async function simulatePlan(
  provider: Provider,
  { plan, wire, policy }: { readonly plan: Plan; readonly wire: Uint8Array; readonly policy: Policy | null },
): Promise<void> {
  const { before, simulation } = await simulateSteadily(provider, wire, plan.accounts);
  if (simulation.error !== null) throw wouldFail(plan, simulation.error, simulation.logs);
  if (plan.compare) plan.compare(plan, before, simulation.accounts);
  else compareTransfer(plan, before, simulation.accounts, policy);
}

type Accounts = readonly (Account | null)[];

function compareTransfer(plan: Plan, before: Accounts, after: Accounts, policy: Policy | null): void {
  const { asset, amount } = plan.terms;
  const isSol = asset === 'SOL';
  const lamports = (index: number): bigint => (after[index]?.lamports ?? 0n) - (before[index]?.lamports ?? 0n);
  const tokens = (index: number): bigint => tokensIn(after[index], asset) - tokensIn(before[index], asset);
  const paid = -lamports(0);
  const most = plan.cost + (isSol ? amount : 0n);
  if (paid > most) throw surprise(`the wallet would lose ${paid} lamports, at most ${most} were expected`);
  const [left, arrived] = isSol ? [amount, lamports(1)] : [-tokens(1), tokens(2)];
  if (left !== amount) throw surprise(`${left} units would leave the wallet, ${amount} were ordered`);
  const mayShrink = policy?.allow.includes('transferFee') === true && !isSol;
  if (arrived !== amount && !(mayShrink && arrived > 0n && arrived < amount))
    throw surprise(`${arrived} units would arrive, ${amount} were ordered`);
}

/** Tokens of a mint in an account. */
function tokensIn(account: Account | null | undefined, mint: string): bigint {
  const held = account ? readHeld(account) : null;
  return held?.mint === mint ? held.amount : 0n;
}

const surprise = (what: string): NodeError =>
  refused(`The payment would do something else than what was ordered: ${what}. Nothing was signed.`);

/** Errors of the chain that mean that there is not enough. */
const NO_FUNDS: readonly Json[] = ['AccountNotFound', 'InsufficientFundsForFee'];

function wouldFail(plan: Plan, error: Json, logs: readonly string[]): NodeError {
  const { terms, receipt, instructions, cost, moves } = plan;
  const details = { error, logs: logs.slice(-10) };
  const [index, reason] = instructionError(error);
  const isReceipt = receipt !== null && index === instructions.length - moves - 1;
  if (isReceipt && reason === 0)
    return new NodeError('solana.receiptTaken', 'The receipt of this payment exists already.', {
      unknown: true,
      details,
    });
  // What a program means by its own numbers only the program knows.
  const isShort = NO_FUNDS.includes(error) || isRent(error) || (reason === 1 && plan.compare === null);
  if (isShort)
    return new NodeError(
      'solana.insufficientFunds',
      `The wallet ${terms.wallet} does not hold enough: it needs ${fromUnits(terms.amount, terms.decimals)} ${terms.asset}` +
        ` and up to ${fromUnits(cost, SOL_DECIMALS)} SOL for fees and rent.`,
      { details },
    );
  return new NodeError('solana.simulation', `The payment would fail on the chain: ${whyFailed(error, logs)}.`, {
    details,
  });
}

const isRent = (error: Json): boolean => isMap(error) && 'InsufficientFundsForRent' in error;
