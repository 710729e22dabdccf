import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type BudgetKind, type BudgetPeriod, type BudgetScope, budget } from '../../schema/index.ts';

/** How much may be spent, and by what. Amounts are pico-dollars (`graph/money.ts`). */
export interface Budget {
  readonly name: string;
  readonly scope: BudgetScope;
  /** Only calls of this workflow; null: of any, each workflow by itself if the scope is `workflow`. */
  readonly workflow: string | null;
  readonly period: BudgetPeriod;
  readonly amount: bigint;
  readonly kind: BudgetKind;
}

export type StoredBudget = Budget & { readonly updatedAt: string };

/**
 * Holds back changes of budgets until the transaction ends, but no other reservations: calls that count together must see the
 * same budgets (`openAccounts`).
 */
export async function holdBudgets(tx: Tenant): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock_shared(${LOCK}, hashtext(${tx.workspace}))`);
}

/** Tells this lock from others: an arbitrary number. */
const LOCK = 8_214_037;

/** Waits until no reservation is being made. */
async function takeBudgets(tx: Tenant): Promise<void> {
  await tx.db.execute(sql`select pg_advisory_xact_lock(${LOCK}, hashtext(${tx.workspace}))`);
}

/** Sets a budget. What was spent before counts. */
export async function putBudget(tx: Tenant, input: Budget): Promise<StoredBudget> {
  await takeBudgets(tx);
  const { name, workflow, ...rest } = input;
  const set = { ...rest, workflow: workflow ?? '', updatedAt: sql`now()` };
  const [row] = await tx.db
    .insert(budget)
    .values({ workspaceId: tx.workspace, name, ...set })
    .onConflictDoUpdate({ target: [budget.workspaceId, budget.name], set })
    .returning();
  return fromRow(row!);
}

/** Removes a budget. @returns false if there is none */
export async function deleteBudget(tx: Tenant, input: { name: string }): Promise<boolean> {
  await takeBudgets(tx);
  const gone = await tx.db
    .delete(budget)
    .where(and(eq(budget.workspaceId, tx.workspace), eq(budget.name, input.name)))
    .returning({ name: budget.name });
  return gone.length > 0;
}

/** The budgets of the workspace by name, or those that apply to a workflow. */
export async function listBudgets(tx: Tenant, input: { workflow?: string } = {}): Promise<StoredBudget[]> {
  const { workflow } = input;
  const rows = await tx.db
    .select()
    .from(budget)
    .where(
      and(
        eq(budget.workspaceId, tx.workspace),
        workflow === undefined ? undefined : inArray(budget.workflow, ['', workflow]),
      ),
    )
    .orderBy(asc(budget.name));
  return rows.map(fromRow);
}

/** A budget, or null. */
export async function getBudget(tx: Tenant, input: { name: string }): Promise<StoredBudget | null> {
  const [row] = await tx.db
    .select()
    .from(budget)
    .where(and(eq(budget.workspaceId, tx.workspace), eq(budget.name, input.name)));
  return row ? fromRow(row) : null;
}

/** How many budgets there are. */
export async function countBudgets(tx: Tenant): Promise<number> {
  return tx.db.$count(budget, eq(budget.workspaceId, tx.workspace));
}

const fromRow = ({ workspaceId: _, workflow, ...row }: typeof budget.$inferSelect): StoredBudget => ({
  ...row,
  workflow: workflow === '' ? null : workflow,
});
