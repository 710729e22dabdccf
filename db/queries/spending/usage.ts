import { and, asc, type Column, desc, eq, gte, lte, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type CallState, modelCall, spendAccount } from '../../schema/index.ts';
import { accountOf, callsOf, type Place, type Summed } from './accounts.ts';

/** What usage can be grouped by. `model` is the model of a provider. */
export type UsageKey = 'day' | 'workflow' | 'model' | 'connection';

/** Which calls are meant. Days are inclusive. */
export interface UsageFilter {
  readonly from: string;
  readonly to: string;
  readonly workflow?: string | undefined;
  readonly connection?: string | undefined;
  readonly model?: string | undefined;
}

/** What calls used together. Amounts are pico-dollars. */
export interface UsageSum {
  readonly calls: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly seconds: number;
  readonly images: number;
  /** What the settled calls cost whose price is known. */
  readonly cost: bigint;
  /** How many settled calls have no known price. */
  readonly unpriced: number;
  /** How many settled calls count with an estimate, because their provider did not say what they used. */
  readonly estimated: number;
  /** Calls that are being made, or of which nobody knows whether they are charged, and what they count. */
  readonly open: number;
  readonly reserved: bigint;
}

/** A group. Only what usage is grouped by is set. */
export interface UsageGroup extends UsageSum {
  readonly day?: string;
  readonly workflow?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly connection?: string | null;
}

const total = (column: Column): SQL<number> => sql<number>`coalesce(sum(${column}), 0)::float8`;
const isOpen = sql`${modelCall.state} in ('reserved', 'unknown')`;
const isSettled = sql`${modelCall.state} = 'settled'`;

const SUMS = {
  calls: sql<number>`count(*)::int`,
  input: total(modelCall.input),
  cacheRead: total(modelCall.cacheRead),
  cacheWrite: total(modelCall.cacheWrite),
  output: total(modelCall.output),
  reasoning: total(modelCall.reasoning),
  seconds: total(modelCall.seconds),
  images: total(modelCall.images),
  cost: sql`coalesce(sum(${modelCall.cost}), 0)`.mapWith(modelCall.counted),
  unpriced: sql<number>`(count(*) filter (where ${isSettled} and ${modelCall.cost} is null))::int`,
  estimated: sql<number>`(count(*) filter (where ${isSettled} and ${modelCall.estimated}))::int`,
  open: sql<number>`(count(*) filter (where ${isOpen}))::int`,
  reserved: sql`coalesce(sum(${modelCall.counted}) filter (where ${isOpen}), 0)`.mapWith(modelCall.counted),
};

const COLUMNS = {
  day: { day: modelCall.day },
  workflow: { workflow: modelCall.workflow },
  model: { provider: modelCall.provider, model: modelCall.model },
  connection: { connection: modelCall.connection },
} as const;

/** What was used, in groups in the order of their keys. */
export async function usageBy(
  tx: Tenant,
  input: UsageFilter & { by: readonly UsageKey[]; limit: number },
): Promise<UsageGroup[]> {
  const columns = Object.assign({}, ...input.by.map((key) => COLUMNS[key]));
  const keys: SQL[] = Object.values(columns).map((column) => sql`${column}`);
  const rows = await tx.db
    .select({ ...columns, ...SUMS })
    .from(modelCall)
    .where(matches(tx, input))
    .groupBy(...keys)
    .orderBy(...keys.map((key) => asc(key)))
    .limit(input.limit);
  return rows as unknown as UsageGroup[];
}

/** What was used in all. */
export async function usageInAll(tx: Tenant, input: UsageFilter): Promise<UsageSum> {
  const [sum] = await tx.db.select(SUMS).from(modelCall).where(matches(tx, input));
  return sum as UsageSum;
}

/** Released calls used nothing, and are left out. */
const matches = (tx: Tenant, { from, to, workflow, connection, model }: UsageFilter): SQL | undefined =>
  and(
    eq(modelCall.workspaceId, tx.workspace),
    gte(modelCall.day, from),
    lte(modelCall.day, to),
    sql`${modelCall.state} <> 'released'`,
    workflow === undefined ? undefined : eq(modelCall.workflow, workflow),
    connection === undefined ? undefined : eq(modelCall.connection, connection),
    model === undefined ? undefined : eq(modelCall.model, model),
  );

/** What budgets count of a place, from the calls themselves. */
export async function countedBy(tx: Tenant, summed: Summed, place: Place): Promise<bigint> {
  const sum = sql`coalesce(sum(${modelCall.counted}), 0)`.mapWith(modelCall.counted);
  const [row] = await tx.db
    .select({ sum })
    .from(modelCall)
    .where(callsOf(tx, summed, place));
  return row!.sum as bigint;
}

/** What budgets count of a place: what its account holds, because old calls are forgotten and sums over all time are not. */
export async function spentBy(tx: Tenant, summed: Summed, place: Place): Promise<bigint> {
  const [account] = await tx.db
    .select({ counted: spendAccount.counted })
    .from(spendAccount)
    .where(and(eq(spendAccount.workspaceId, tx.workspace), eq(spendAccount.key, accountOf(summed, place))));
  return account?.counted ?? countedBy(tx, summed, place);
}

/** One call, as it is shown. */
export type CallRow = Omit<typeof modelCall.$inferSelect, 'workspaceId' | 'unit' | 'counted' | 'leaseUntil'>;

/** Calls of a run, or of the workspace, the newest first. */
export async function listCalls(
  tx: Tenant,
  input: { runId?: string | undefined; limit: number; before?: { madeAt: string; id: string } | undefined },
): Promise<CallRow[]> {
  const { runId, before, limit } = input;
  const rows = await tx.db
    .select({ row: modelCall, isGone: sql<boolean>`${modelCall.leaseUntil} < now()` })
    .from(modelCall)
    .where(
      and(
        eq(modelCall.workspaceId, tx.workspace),
        runId === undefined ? undefined : eq(modelCall.runId, runId),
        before && sql`(${modelCall.madeAt}, ${modelCall.id}) < (${before.madeAt}::timestamptz, ${before.id})`,
      ),
    )
    .orderBy(desc(modelCall.madeAt), desc(modelCall.id))
    .limit(limit);
  return rows.map(
    ({ row: { workspaceId: _, unit: _unit, counted: _counted, leaseUntil: _until, ...row }, isGone }) => ({
      ...row,
      // The worker is gone, although nobody has noted that yet.
      state: row.state === 'reserved' && isGone ? ('unknown' as CallState) : row.state,
    }),
  );
}
