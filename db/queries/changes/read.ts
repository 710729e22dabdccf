import { type SQL, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import type { ChangeKind } from '../../schema/change.ts';
import { change } from '../../schema/index.ts';
import { byReading, type ChangeCursor, cursorOf, cursorsAfter, type Place } from './cursor.ts';

/** Something that has happened. Fields that do not apply are null. */
export interface Change extends Place {
  readonly at: string;
  readonly kind: ChangeKind;
  readonly runId: string | null;
  readonly workflow: string | null;
  readonly step: string | null;
  readonly status: RunStatus | null;
  readonly was: RunStatus | null;
  readonly detail: Json;
}

/** Changes that had not been read, and where each of them leaves its reader. */
export interface ChangePage {
  readonly changes: readonly Change[];
  readonly cursors: readonly ChangeCursor[];
  /** Where to go on. */
  readonly next: ChangeCursor;
  /** There may be more already. */
  readonly isFull: boolean;
}

/** Where a reader begins that wants only what happens from now on. */
export async function changesNow(tx: Tenant): Promise<ChangeCursor> {
  const { rows } = await tx.db.execute<{ snapshot: string }>(sql`select pg_current_snapshot()::text as snapshot`);
  return cursorOf(rows[0]!.snapshot);
}

/**
 * Changes after a cursor, at most `limit`, and all that has ended by now: one statement, so that both are of the same
 * moment. Null: the cursor is of another database, or of a time that this one has lost.
 */
export async function readChanges(
  tx: Tenant,
  { after, limit }: { after: ChangeCursor; limit: number },
): Promise<ChangePage | null> {
  const { rows } = await tx.db.execute<Row>(sql`
    with seen as (select pg_current_snapshot()::text as snapshot)
    select seen.snapshot, found.* from seen left join lateral (${found(tx, after, limit)}) as found on true`);
  const seen = cursorOf(rows[0]!.snapshot);
  if (seen.next < after.next) return null;
  const changes = rows
    .filter(({ kind }) => kind !== null)
    .map(changeOf)
    .sort(byReading(after))
    .slice(0, limit);
  const cursors = cursorsAfter(after, changes, seen);
  const isFull = changes.length === limit;
  return { changes, cursors, next: isFull ? cursors.at(-1)! : seen, isFull };
}

/** In three parts, because an `or` would read all that is kept. */
function found(tx: Tenant, { next, open, partly }: ChangeCursor, limit: number): SQL {
  const rest = partly ?? { xid: -1, seq: 0 };
  const where = (range: SQL): SQL => sql`(
    select xid, seq, at, kind, run_id, workflow, step, status, was, detail from ${change}
    where workspace_id = ${tx.workspace} and ${range} order by xid, seq limit ${limit})`;
  const parts = [where(sql`xid >= ${next} and xid <> ${rest.xid}`)];
  const late = open.filter((xid) => xid !== rest.xid);
  if (late.length > 0) parts.push(where(sql`xid = any(${sql.param(late)}::bigint[])`));
  if (partly) parts.push(where(sql`xid = ${partly.xid} and seq > ${partly.seq}`));
  return sql.join(parts, sql` union all `);
}

interface Row extends Record<string, unknown> {
  readonly snapshot: string;
  readonly xid: string;
  readonly seq: string;
  readonly at: Date | string;
  readonly kind: ChangeKind;
  readonly run_id: string | null;
  readonly workflow: string | null;
  readonly step: string | null;
  readonly status: RunStatus | null;
  readonly was: RunStatus | null;
  readonly detail: string | null;
}

const changeOf = (row: Row): Change => ({
  xid: Number(row.xid),
  seq: Number(row.seq),
  at: new Date(row.at).toISOString(),
  kind: row.kind,
  runId: row.run_id,
  workflow: row.workflow,
  step: row.step,
  status: row.status,
  was: row.was,
  detail: row.detail === null ? null : (JSON.parse(row.detail) as Json),
});
