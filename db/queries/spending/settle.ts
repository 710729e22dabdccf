import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { modelCall } from '../../schema/index.ts';
import { addToAccounts } from './accounts.ts';

/** What a call used. Tokens, unless said otherwise. */
export interface CallUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly seconds?: number;
  readonly images?: number;
  /** The provider did not report it: it is the most that the call can have used. */
  readonly estimated?: boolean;
}

/** A call whose usage is known. Amounts are pico-dollars; null: nobody knows the price. */
export interface SettledCall {
  readonly usage: Required<CallUsage>;
  readonly cost: bigint | null;
}

type Row = typeof modelCall.$inferSelect;

/**
 * Records what a call used and cost, in place of its estimate. A call is settled once: a repetition returns what is recorded.
 * Also settles a call that nobody knew anything about.
 */
export async function settleCall(
  tx: Tenant,
  input: { id: string; usage: CallUsage; cost: bigint | null; responseId: string | null },
): Promise<SettledCall> {
  const { id, usage, cost, responseId } = input;
  const row = await lockCall(tx, id);
  if (row?.state === 'settled') return settledOf(row);
  const counted = cost ?? 0n;
  const known = { ...usage, cost, counted, ...(responseId === null ? {} : { responseId }) };
  if (row) await change(tx, row, { ...known, state: 'settled', settledAt: sql`now()` as never });
  const { seconds = 0, images = 0, estimated = false } = usage;
  return { usage: { ...usage, seconds, images, estimated }, cost };
}

/** The call was certainly not charged: nothing of it counts any more. */
export async function releaseCall(tx: Tenant, input: { id: string }): Promise<void> {
  const row = await lockCall(tx, input.id);
  if (row && row.state !== 'settled') await change(tx, row, { state: 'released', counted: 0n });
}

/** Nobody knows whether the call is charged: its estimate stays counted. */
export async function leaveCallUnknown(tx: Tenant, input: { id: string }): Promise<void> {
  const row = await lockCall(tx, input.id);
  if (row?.state === 'reserved') await change(tx, row, { state: 'unknown' });
}

/** Keeps the provider's id of a call that is being made. */
export async function nameCall(tx: Tenant, input: { id: string; responseId: string }): Promise<void> {
  const row = await lockCall(tx, input.id);
  if (row) await change(tx, row, { responseId: input.responseId });
}

/** A call of a step that an earlier attempt began, and that is being made again. */
export interface CallToContinue {
  readonly runId: string;
  readonly step: string;
  /** The attempt that goes on with it. */
  readonly attempt: number;
  readonly model: string;
  readonly estimate: bigint | null;
  readonly responseId: string;
  readonly leaseSeconds: number;
}

/**
 * Takes over the call of a step that an earlier attempt began. It is being made again from now on.
 *
 * @returns its id, or null if there is none
 */
export async function continueCall(tx: Tenant, input: CallToContinue): Promise<string | null> {
  const { runId, step, responseId, leaseSeconds } = input;
  const leaseUntil = sql`now() + make_interval(secs => ${leaseSeconds})`;
  const named = and(
    eq(modelCall.workspaceId, tx.workspace),
    eq(modelCall.runId, runId),
    eq(modelCall.step, step),
    eq(modelCall.responseId, responseId),
    inArray(modelCall.state, ['reserved', 'unknown', 'settled']),
  );
  const [found] = await tx.db.update(modelCall).set({ leaseUntil }).where(named).returning({ id: modelCall.id });
  const id = found?.id ?? (await unnamedCall(tx, input));
  if (id !== null && !found) await tx.db.update(modelCall).set({ leaseUntil, responseId }).where(isCall(tx, id));
  return id;
}

/**
 * The call of an earlier attempt whose worker ended after the step had kept the provider's id, and before the call was given it. Of
 * several, that with the same estimate is likely to be the one.
 */
async function unnamedCall(
  tx: Tenant,
  { runId, step, attempt, model, estimate }: CallToContinue,
): Promise<string | null> {
  const [row] = await tx.db
    .select({ id: modelCall.id })
    .from(modelCall)
    .where(
      and(
        eq(modelCall.workspaceId, tx.workspace),
        eq(modelCall.runId, runId),
        eq(modelCall.step, step),
        eq(modelCall.model, model),
        lt(modelCall.attempt, attempt),
        isNull(modelCall.responseId),
        inArray(modelCall.state, ['reserved', 'unknown']),
      ),
    )
    .orderBy(
      sql`${modelCall.estimate} is not distinct from ${sql.param(estimate, modelCall.counted)}::numeric desc`,
      desc(modelCall.madeAt),
    )
    .limit(1)
    // Several parts of a step go on at the same time.
    .for('update', { skipLocked: true });
  return row?.id ?? null;
}

/** Notes of calls whose worker is gone that nobody knows whether they are charged. @returns how many there were */
export async function expireCalls(tx: Tenant): Promise<number> {
  const gone = and(
    eq(modelCall.workspaceId, tx.workspace),
    // Part of the text, because the index of these calls is found by it.
    sql`${modelCall.state} = 'reserved'`,
    lt(modelCall.leaseUntil, sql`now()`),
  );
  return (await tx.db.update(modelCall).set({ state: 'unknown' }).where(gone)).rowCount ?? 0;
}

async function lockCall(tx: Tenant, id: string): Promise<Row | undefined> {
  const [row] = await tx.db.select().from(modelCall).where(isCall(tx, id)).for('update');
  return row;
}

/** Changes a call, and the accounts by what it counts differently. */
async function change(tx: Tenant, row: Row, set: Partial<Row>): Promise<void> {
  await tx.db.update(modelCall).set(set).where(isCall(tx, row.id));
  const difference = (set.counted ?? row.counted) - row.counted;
  if (difference !== 0n) await addToAccounts(tx, row, difference);
}

const isCall = (tx: Tenant, id: string) => and(eq(modelCall.workspaceId, tx.workspace), eq(modelCall.id, id));

const settledOf = (row: Row): SettledCall => {
  const { input, cacheRead, cacheWrite, output, reasoning, seconds, images, estimated, cost } = row;
  return { usage: { input, cacheRead, cacheWrite, output, reasoning, seconds, images, estimated }, cost };
};
