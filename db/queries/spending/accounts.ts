import { createHash } from 'node:crypto';
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type BudgetPeriod, type BudgetScope, modelCall, spendAccount } from '../../schema/index.ts';

/** Where a call counts. */
export interface Place {
  readonly workflow: string;
  readonly runId: string;
  /** The step, or the container whose calls count together. */
  readonly unit: string;
  /** The day of the workspace on which the call was reserved: `2026-11-27`. */
  readonly day: string;
}

/** What a budget sums. */
export interface Summed {
  readonly scope: BudgetScope;
  readonly period: BudgetPeriod;
}

/** Whatever can be summed. A run and a step have no days, because a run ends. */
const EVERYTHING: readonly Summed[] = [
  { scope: 'step', period: 'total' },
  { scope: 'run', period: 'total' },
  ...(['workflow', 'workspace'] as const).flatMap((scope) =>
    (['total', 'day', 'month'] as const).map((period) => ({ scope, period })),
  ),
];

/** The name of the account in which a budget sums the calls of a place. */
export function accountOf({ scope, period }: Summed, place: Place): string {
  const time = period === 'day' ? `/${place.day}` : period === 'month' ? `/${place.day.slice(0, 7)}` : '';
  switch (scope) {
    case 'step':
      // Hashed, because an index row holds at most 2.7 KB, and paths of nested steps are long.
      return `step/${place.runId}/${createHash('sha256').update(place.unit).digest('hex')}`;
    case 'run':
      return `run/${place.runId}`;
    case 'workflow':
      return `workflow/${period}${time}/${place.workflow}`;
    case 'workspace':
      return `workspace/${period}${time}`;
  }
}

/** The calls that a budget sums for a place. */
export function callsOf(tx: Tenant, { scope, period }: Summed, place: Place): SQL {
  const { workflow, runId, unit, day } = place;
  const month = day.slice(0, 7);
  return and(
    eq(modelCall.workspaceId, tx.workspace),
    scope === 'workflow' ? eq(modelCall.workflow, workflow) : undefined,
    scope === 'run' || scope === 'step' ? eq(modelCall.runId, runId) : undefined,
    scope === 'step' ? eq(modelCall.unit, unit) : undefined,
    period === 'day' ? eq(modelCall.day, day) : undefined,
    period === 'month'
      ? sql`${modelCall.day} >= ${`${month}-01`}::date and ${modelCall.day} < ${`${month}-01`}::date + interval '1 month'`
      : undefined,
  )!;
}

/**
 * Opens the accounts that are missing, with what was counted until now. Whoever reserves at the same time with the same budgets
 * waits for the row; whoever settles is kept waiting by the lock on calls that are not settled. So every change of a call is
 * either in the sum, or is added to the account.
 */
export async function openAccounts(tx: Tenant, wanted: readonly Summed[], place: Place): Promise<void> {
  const missing = new Map(wanted.map((summed) => [accountOf(summed, place), summed]));
  const known = await tx.db
    .select({ key: spendAccount.key })
    .from(spendAccount)
    .where(and(eq(spendAccount.workspaceId, tx.workspace), inArray(spendAccount.key, [...missing.keys()])));
  for (const { key } of known) missing.delete(key);
  // In one order, so that two reservations never wait for each other.
  for (const [key, summed] of [...missing].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const its = callsOf(tx, summed, place);
    const unsettled = and(its, inArray(modelCall.state, ['reserved', 'unknown']));
    await tx.db.select({ id: modelCall.id }).from(modelCall).where(unsettled).orderBy(modelCall.id).for('share');
    await tx.db.execute(sql`insert into ${spendAccount} (workspace_id, key, counted)
      select ${tx.workspace}, ${key}, coalesce(sum(counted), 0) from ${modelCall} where ${its}
      on conflict do nothing`);
  }
}

/**
 * Adds to whatever accounts there are for a place. The rows are locked in one order, so that two calls never wait for each other.
 *
 * @returns what they hold now, by name
 */
export async function addToAccounts(tx: Tenant, place: Place, amount: bigint): Promise<ReadonlyMap<string, bigint>> {
  const keys = EVERYTHING.map((summed) => accountOf(summed, place));
  const mine = and(eq(spendAccount.workspaceId, tx.workspace), inArray(spendAccount.key, keys));
  const locked = await tx.db
    .select({ key: spendAccount.key })
    .from(spendAccount)
    .where(mine)
    .orderBy(spendAccount.key)
    .for('update');
  if (locked.length === 0) return new Map();
  const added = sql`${spendAccount.counted} + ${sql.param(amount, spendAccount.counted)}::numeric`;
  const rows = await tx.db
    .update(spendAccount)
    .set({ counted: added, changedAt: sql`now()` })
    .where(mine)
    .returning({ key: spendAccount.key, counted: spendAccount.counted });
  return new Map(rows.map(({ key, counted }) => [key, counted]));
}
