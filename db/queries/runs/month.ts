import { type AnyColumn, and, eq, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { run, runMonth } from '../../schema/index.ts';

/** The month in which a run that is new is kept: by the clock of the database, because its partitions follow it. */
export const THIS_MONTH = sql`date_trunc('month', now())::date`;

/**
 * The month of a run, noted if the run is new: the first part of each write of its rows. Whoever writes about the same
 * run at the same time waits here, so that both write to the same month.
 */
export const noteMonth = (tx: Tenant, runId: string): SQL => sql`
  insert into ${runMonth} (workspace_id, run_id, month) values (${tx.workspace}, ${runId}, ${THIS_MONTH})
  on conflict (workspace_id, run_id) do update set month = ${runMonth.month} returning month`;

/**
 * Waits for whoever writes about a run or moves its rows, and lets nobody else do so until the transaction ends. A statement
 * that follows sees what they have written. It comes first in each transaction that does not begin with `noteMonth`.
 *
 * @returns its month; null: the run is not known
 */
export async function lockMonth(tx: Tenant, runId: string): Promise<string | null> {
  const [row] = await tx.db
    .select({ month: runMonth.month })
    .from(runMonth)
    .where(and(eq(runMonth.workspaceId, tx.workspace), eq(runMonth.runId, runId)))
    .for('update');
  return row?.month ?? null;
}

/** The month of a run that is known. */
const monthOf = (tx: Tenant, runId: string): SQL<string> => sql<string>`(select ${runMonth.month} from ${runMonth}
  where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = ${runId})`;

/** Rows of the run's month: so that one partition is read, and not all. */
export const inMonthOf = (tx: Tenant, runId: string, column: AnyColumn): SQL => sql`${column} = ${monthOf(tx, runId)}`;

/** Joins rows of `run_month` with the rows of their runs: of each run, one partition is read. */
export const inTheirMonths: SQL = and(
  eq(run.workspaceId, runMonth.workspaceId),
  eq(run.id, runMonth.runId),
  eq(run.month, runMonth.month),
)!;

/**
 * The row of the run that a row of `run_month` is about, for a lateral join of many: the planner must not read all months in
 * order to find them, which `offset 0` keeps it from.
 */
export const theirRun: SQL = sql`(select * from ${run} where ${inTheirMonths} offset 0)`;
