import { and, eq, sql } from 'drizzle-orm';
import { parseMoney } from '../../../graph/money.ts';
import type { Tenant } from '../../database.ts';
import { modelCall, run, runMonth, statisticState } from '../../schema/index.ts';
import { type Change, changesNow, readChanges } from '../changes/read.ts';
import { theirRun } from '../runs/month.ts';
import { startedWithin } from '../runs/run-filter.ts';
import { addCounts } from './add.ts';
import type { EndedRun } from './tally.ts';

/** Most changes, and most rows of runs, that are counted in one transaction. */
const PAGE = 2_000;

/** How long after the first count the rows from before are read: whoever was about to write one has done it by then. */
const SETTLED_MS = 15_000;

/**
 * Counts runs that have ended and were not counted. What is told of a run (`changes`) is counted once, because the place up
 * to which it was read is kept in the same transaction. Runs that ended before there were statistics are counted from
 * their rows.
 *
 * @returns whether there may be more to count at once
 */
export async function foldStatistics(tx: Tenant): Promise<boolean> {
  const state = await lockState(tx);
  if (state === null) return false;
  const page = await readChanges(tx, { after: state.cursor, limit: PAGE });
  const cursor = page?.next ?? (await changesNow(tx));
  const rows = state.isSettled ? await rowsFromBefore(tx, state) : null;
  await addCounts(tx, await endsOf(tx, state, page?.changes ?? []));
  if (rows) await addCounts(tx, rows.runs);
  if (page === null || page.changes.length > 0 || rows) {
    await tx.db
      .update(statisticState)
      .set({ cursor, next: cursor.next, ...rows?.reached })
      .where(eq(statisticState.workspaceId, tx.workspace));
  }
  return page?.isFull === true || (rows !== null && !rows.reached.rowsDone);
}

/** Runs that have ended and were not counted yet, and up to where they were counted. Counts nothing. */
export async function uncounted(tx: Tenant): Promise<{ runs: EndedRun[]; countedTo: string }> {
  const [state] = await tx.db.select().from(statisticState).where(eq(statisticState.workspaceId, tx.workspace));
  if (!state) return { runs: [], countedTo: '' };
  const page = await readChanges(tx, { after: state.cursor, limit: PAGE });
  return { runs: await endsOf(tx, state, page?.changes ?? []), countedTo: countedTo(state) };
}

/** Up to where runs have been counted: the same text as long as nothing more was counted. */
export async function readCountedTo(tx: Tenant): Promise<string> {
  const [state] = await tx.db.select().from(statisticState).where(eq(statisticState.workspaceId, tx.workspace));
  return state ? countedTo(state) : '';
}

const countedTo = ({ cursor, rowsAt, rowsId }: typeof statisticState.$inferSelect): string =>
  JSON.stringify([cursor, rowsAt, rowsId]);

/** The runs that have ended by these changes. */
async function endsOf(tx: Tenant, state: { readonly since: string }, changes: readonly Change[]): Promise<EndedRun[]> {
  const ends = changes.filter(({ kind }) => kind === 'run.ended');
  if (ends.length === 0) return [];
  const ids = [...new Set(ends.map(({ runId }) => runId!))];
  const known = new Map((await endedRuns(tx, ids)).map((one) => [one.id, one]));
  return ends.flatMap(({ runId, status, was }) => {
    const one = known.get(runId!);
    return one && one.endedAt >= state.since ? [{ ...one, status: status!, was }] : [];
  });
}

type State = typeof statisticState.$inferSelect & { readonly isSettled: boolean };

/** The state, locked until the transaction ends; null if somebody else counts now. */
async function lockState(tx: Tenant): Promise<State | null> {
  const mine = eq(statisticState.workspaceId, tx.workspace);
  const isSettled = sql<boolean>`not ${statisticState.rowsDone}
    and ${statisticState.since} < now() - ${SETTLED_MS} * interval '1 millisecond'`;
  const find = () =>
    tx.db
      .select({ state: statisticState, isSettled })
      .from(statisticState)
      .where(mine)
      .for('update', { skipLocked: true });
  const [found] = await find();
  if (found) return { ...found.state, isSettled: found.isSettled };
  const now = await changesNow(tx);
  await tx.db
    .insert(statisticState)
    .values({ workspaceId: tx.workspace, cursor: now, next: now.next })
    .onConflictDoNothing();
  const [made] = await find();
  return made ? { ...made.state, isSettled: made.isSettled } : null;
}

/** A page of the runs that had ended before there were statistics. */
async function rowsFromBefore(tx: Tenant, { since, rowsAt, rowsId }: State) {
  const after = rowsAt === null ? sql`true` : sql`(${run.startedAt}, ${run.id}) > (${rowsAt}::timestamptz, ${rowsId})`;
  const within = startedWithin({ from: rowsAt ?? undefined, to: since });
  const page = await tx.db
    .select({ id: run.id, startedAt: run.startedAt })
    .from(run)
    .where(and(eq(run.workspaceId, tx.workspace), after, within))
    .orderBy(run.startedAt, run.id)
    .limit(PAGE);
  const last = page.at(-1);
  const ids = page.map(({ id }) => id);
  const runs = ids.length === 0 ? [] : await endedRuns(tx, ids);
  return {
    runs: runs.filter(({ endedAt }) => endedAt < since).map((one) => ({ ...one, was: null })),
    reached: { ...(last && { rowsAt: last.startedAt, rowsId: last.id }), rowsDone: page.length < PAGE },
  };
}

/** Runs that have ended, as far as statistics count them. */
async function endedRuns(tx: Tenant, ids: readonly string[]): Promise<Omit<EndedRun, 'was'>[]> {
  const { rows } = await tx.db.execute<EndedRow>(sql`
    select run.id, run.workflow, run.status, run.started_at as "startedAt", run.ended_at as "endedAt",
      (select coalesce(sum(c.cost), 0)::text from ${modelCall} as c
        where c.workspace_id = run.workspace_id and c.run_id = run.id) as cost
    from ${runMonth} join lateral ${theirRun} as run on true
    where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = any(${sql.param(ids)}::text[])
      and run.ended_at is not null`);
  return rows.map(({ startedAt, endedAt, cost, ...row }) => ({
    ...row,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    cost: parseMoney(cost)!,
  }));
}

interface EndedRow extends Record<string, unknown> {
  readonly id: string;
  readonly workflow: string;
  readonly status: EndedRun['status'];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly cost: string;
}
