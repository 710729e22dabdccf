import { eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { run, runMonth, type slot, type turn } from '../../schema/index.ts';
import { inTheirMonths } from '../runs/month.ts';

/** A run that asks for a place in a line: runs with equal keys share a limit. */
export interface InLine {
  readonly runId: string;
  readonly workflowId: string;
  readonly workflow: string;
  readonly key: string;
  /** 1 goes first, 5 last; 3 if not given. */
  readonly priority?: number;
}

/** Lines that runs wait in: for a place under `concurrency`, for a turn under `rateLimit`. */
export type LineTable = typeof slot | typeof turn;

/** How many runs are the head of a line: only these are looked at closely, because ten thousand may stand behind them. */
export const HEAD = 20;

/** The rows of one line. */
export const ofLine = (tx: Tenant, table: LineTable, { workflow, key }: Pick<InLine, 'workflow' | 'key'>): SQL =>
  sql`${eq(table.workspaceId, tx.workspace)} and ${eq(table.workflow, workflow)} and
    md5(${table.key}) = md5(${sql.param(key, table.key)})`;

/** Whether the run of a row has ended. */
export const hasEnded = (table: LineTable): SQL =>
  sql`exists (select from ${runMonth} join ${run} on ${inTheirMonths} where ${runMonth.workspaceId} = ${table.workspaceId}
    and ${runMonth.runId} = ${table.runId} and ${run.endedAt} is not null)`;

/**
 * Lets nobody else decide about this line until the transaction ends. A statement that follows sees what others have
 * decided before.
 */
export async function lockLine(tx: Tenant, word: string, { workflow, key }: InLine): Promise<void> {
  const name = JSON.stringify([tx.workspace, workflow, word, key]);
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** Takes a run into a line, unless it is in it. */
export async function joinLine(tx: Tenant, table: LineTable, request: InLine): Promise<void> {
  const { runId, workflowId, workflow, key, priority = 3 } = request;
  await tx.db
    .insert(table)
    .values({ workspaceId: tx.workspace, runId, workflowId, workflow, key, priority })
    .onConflictDoNothing();
}

/**
 * Takes other runs out of the head of a line that have ended and gave nothing back, because the database was away at that
 * moment.
 *
 * @param heads which rows stand one behind the other: of each kind, the first are looked at
 * @returns whether there were any
 */
export async function dropEnded(tx: Tenant, table: LineTable, line: InLine, heads: readonly SQL[]): Promise<boolean> {
  const first = heads.map(
    (
      those,
    ) => sql`(select ${table.workspaceId}, ${table.runId} from ${table} where ${ofLine(tx, table, line)} and ${those}
      order by ${table.priority}, ${table.seq} limit ${HEAD})`,
  );
  const gone = await tx.db.execute(sql`delete from ${table} where ${table.workspaceId} = ${tx.workspace}
    and ${ne(table.runId, line.runId)} and ${table.runId} in (
      select head.run_id from (${sql.join(first, sql` union all `)}) as head
      join ${runMonth} on ${runMonth.workspaceId} = head.workspace_id and ${runMonth.runId} = head.run_id
      join ${run} on ${inTheirMonths} where ${run.endedAt} is not null)`);
  return (gone.rowCount ?? 0) > 0;
}
