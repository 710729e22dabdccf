import { eq, ne, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { run, type slot, type turn } from '../../schema/index.ts';

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

/** The rows of one line. */
export const ofLine = (tx: Tenant, table: LineTable, { workflow, key }: Pick<InLine, 'workflow' | 'key'>): SQL =>
  sql`${eq(table.workspaceId, tx.workspace)} and ${eq(table.workflow, workflow)} and
    md5(${table.key}) = md5(${sql.param(key, table.key)})`;

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
 * Takes other runs out of a line that were terminated and so gave nothing back: their rows say that they have ended.
 *
 * @param meant which of the rows of the line are meant
 * @returns whether there were any
 */
export async function dropEnded(tx: Tenant, table: LineTable, line: InLine, meant: SQL = sql`true`): Promise<boolean> {
  const gone = await tx.db.execute(sql`delete from ${table} where ${ofLine(tx, table, line)} and
    ${ne(table.runId, line.runId)} and ${meant} and exists
    (select from ${run} where ${run.workspaceId} = ${table.workspaceId} and ${run.id} = ${table.runId}
      and ${run.endedAt} is not null)`);
  return (gone.rowCount ?? 0) > 0;
}
