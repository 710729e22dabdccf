import { type AnyColumn, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { runMonth } from '../../schema/index.ts';

/** The month in which a run that is new is kept: by the clock of the database, because its partitions follow it. */
export const THIS_MONTH = sql`date_trunc('month', now())::date`;

/**
 * The month of a run, noted if the run is new: the first part of each write of its rows. Whoever writes about the same
 * run at the same time waits here, so that both write to the same month.
 */
export const noteMonth = (tx: Tenant, runId: string): SQL => sql`
  insert into ${runMonth} (workspace_id, run_id, month) values (${tx.workspace}, ${runId}, ${THIS_MONTH})
  on conflict (workspace_id, run_id) do update set month = ${runMonth.month} returning month`;

/** The month of a run that is known. */
export const monthOf = (
  tx: Tenant,
  runId: string,
): SQL<string> => sql<string>`(select ${runMonth.month} from ${runMonth}
  where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = ${runId})`;

/** Rows of the run's month: so that one partition is read, and not all. */
export const inMonthOf = (tx: Tenant, runId: string, column: AnyColumn): SQL => sql`${column} = ${monthOf(tx, runId)}`;
