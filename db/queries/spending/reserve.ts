import { and, eq, sql } from 'drizzle-orm';
import { formatMoney } from '../../../graph/money.ts';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { modelCall } from '../../schema/index.ts';
import { accountOf, addToAccounts, openAccounts, type Place, type Summed } from './accounts.ts';
import { type Budget, holdBudgets, listBudgets } from './budgets.ts';
import { dayOf } from './days.ts';

/** A call to a model that is about to be made. */
export interface CallToReserve {
  /** Repeating the reservation with the same id changes nothing. */
  readonly id: string;
  readonly workflow: string;
  readonly runId: string;
  readonly step: string;
  readonly attempt: number;
  readonly connection: string | null;
  readonly provider: string;
  readonly model: string;
  /** The most that it can cost, in pico-dollars; null: nobody knows the price. */
  readonly estimate: bigint | null;
  /** A hard budget that stands in the graph. */
  readonly limit?: { readonly amount: bigint; readonly within?: string | undefined } | undefined;
  /** How long the call can take: after that, nobody works on it any more. */
  readonly leaseSeconds: number;
}

/** What a budget says about a reservation. */
type Judged = Summed & Pick<Budget, 'name' | 'amount' | 'kind' | 'workflow'>;

/**
 * Counts a call against all budgets that apply, before it is made. Parallel calls are counted one after another, so that together
 * they never pass a hard budget.
 *
 * @returns the names of soft budgets that the call passes
 * @throws DataError `budget.exceeded`, `budget.unpriced`: then nothing is counted
 */
export async function reserveCall(tx: Tenant, call: CallToReserve): Promise<{ passed: readonly string[] }> {
  await holdBudgets(tx);
  const { id, workflow, runId, step, attempt, connection, provider, model, estimate, limit, leaseSeconds } = call;
  const place: Place = { workflow, runId, unit: limit?.within ?? step, day: await dayOf(tx) };
  if (await isReserved(tx, id)) return { passed: [] };
  const budgets = await judgesOf(tx, call);
  requirePrice(call, budgets);
  if (budgets.length > 0) await openAccounts(tx, budgets, place);
  const counted = estimate ?? 0n;
  const sums = await addToAccounts(tx, place, counted);
  const passed = budgets.filter((one) => sums.get(accountOf(one, place))! > one.amount);
  const hard = passed.find(({ kind }) => kind === 'hard');
  if (hard) throw exceeded(hard, sums.get(accountOf(hard, place))! - counted, counted);
  await tx.db.insert(modelCall).values({
    ...{ workspaceId: tx.workspace, id, ...place, step, attempt, connection, provider, model },
    ...{ state: 'reserved', estimate, counted },
    leaseUntil: sql`now() + make_interval(secs => ${leaseSeconds})` as never,
  });
  return { passed: passed.map(({ name }) => name) };
}

/** A repeated request whose first answer was lost. */
async function isReserved(tx: Tenant, id: string): Promise<boolean> {
  const mine = and(eq(modelCall.workspaceId, tx.workspace), eq(modelCall.id, id));
  return (await tx.db.$count(modelCall, mine)) > 0;
}

async function judgesOf(tx: Tenant, { workflow, limit }: CallToReserve): Promise<Judged[]> {
  const stored = await listBudgets(tx, { workflow });
  if (!limit) return stored;
  const own = { name: '', scope: 'step', period: 'total', amount: limit.amount, kind: 'hard', workflow } as const;
  return [...stored, own];
}

function requirePrice({ estimate, provider, model }: CallToReserve, budgets: readonly Judged[]): void {
  const hard = budgets.find(({ kind }) => kind === 'hard');
  if (estimate !== null || !hard) return;
  throw new DataError(
    'budget.unpriced',
    `Nobody knows what ${provider} charges for the model "${model}", so ${nameOf(hard)} cannot be kept. Add its price to the ` +
      'file that BLOK_AI_PRICES names, use a model with a known price, or remove the budget.',
  );
}

const nameOf = ({ name }: Judged): string => (name === '' ? 'the limit of this step' : `the budget "${name}"`);

const OF: Readonly<Record<Judged['scope'], string>> = {
  step: 'each step',
  run: 'each run',
  workflow: 'each workflow',
  workspace: 'the workspace',
};

const IN: Readonly<Record<Judged['period'], string>> = { total: 'in all', day: 'a day', month: 'a month' };

function exceeded(budget: Judged, counted: bigint, estimate: bigint): DataError {
  const { scope, period, workflow, amount, name } = budget;
  const some = scope === 'workflow' && workflow !== null ? `the workflow "${workflow}"` : OF[scope];
  const whose = name === '' ? 'its calls' : some;
  const mend = name === '' ? 'Raise the limit of the step' : `PUT /api/budgets/${name} raises it`;
  return new DataError(
    'budget.exceeded',
    `${capital(nameOf(budget))} gives ${whose} $${formatMoney(amount)} ${IN[period]}. $${formatMoney(counted)} of it are spent or ` +
      `reserved, and this call may cost up to $${formatMoney(estimate)}. ${mend}, or ask for less output.`,
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
