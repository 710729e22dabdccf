import { eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { workspace } from '../../schema/index.ts';

/** The time zone in which the days of the workspace begin and end. */
export async function timeZoneOf(tx: Tenant): Promise<string> {
  const [row] = await tx.db
    .select({ timeZone: workspace.timeZone })
    .from(workspace)
    .where(eq(workspace.workspaceId, tx.workspace));
  return row?.timeZone ?? 'UTC';
}

/** Chooses the time zone. Days that were counted stay as they were. @param input.timeZone a name that Postgres knows */
export async function setTimeZone(tx: Tenant, input: { timeZone: string }): Promise<void> {
  await tx.db
    .insert(workspace)
    .values({ workspaceId: tx.workspace, ...input })
    .onConflictDoUpdate({ target: workspace.workspaceId, set: input });
}

/** Whether Postgres knows a time zone of that name. */
export async function isTimeZone(tx: Tenant, input: { timeZone: string }): Promise<boolean> {
  const found = await tx.db.execute(sql`select from pg_timezone_names where name = ${input.timeZone}`);
  return (found.rowCount ?? 0) > 0;
}

/** The day of the workspace, now or at another time: `2026-11-27`. */
export async function dayOf(tx: Tenant, at?: string): Promise<string> {
  const time = at === undefined ? sql`now()` : sql`${at}::timestamptz`;
  const zone = sql`coalesce((select time_zone from ${workspace} where workspace_id = ${tx.workspace}), 'UTC')`;
  const found = await tx.db.execute<{ day: string }>(
    sql`select to_char(${time} at time zone ${zone}, 'YYYY-MM-DD') as day`,
  );
  return found.rows[0]!.day;
}
