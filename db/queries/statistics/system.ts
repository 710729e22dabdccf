import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { change, firing, heldGroup, run, statisticState, trigger } from '../../schema/index.ts';

/** What waits to be done, and since when. */
export interface Waiting {
  readonly count: number;
  /** How long the first one has been due; null: nothing waits. */
  readonly oldestMs: number | null;
}

/** How the database is, and what of the workspace waits in it. */
export interface DatabaseFacts {
  readonly version: string;
  /** Null: the role of the queries may not ask. */
  readonly sizeBytes: number | null;
  readonly openRuns: number;
  /** When the run that has been open longest has begun. */
  readonly oldestOpenAt: string | null;
  /** Runs of events and failures that are to be started. */
  readonly firings: Waiting;
  /** Held firings whose run is to be started. */
  readonly held: Waiting;
  /** Triggers that are to be set up. */
  readonly triggers: Waiting;
  /** Until when changes have been counted by the statistics: how long the first one that was not waits. */
  readonly statistics: Waiting;
}

/** Most rows that are counted of each kind: whoever has more needs no exact number. */
const MOST_COUNTED = 10_000;

/** All in one statement. Each part reads an index that holds only what is due. */
export async function databaseFacts(tx: Tenant): Promise<DatabaseFacts> {
  const { rows } = await tx.db.execute<Row>(sql`
    select current_setting('server_version') as version,
      case when has_database_privilege(current_database(), 'connect') then pg_database_size(current_database())::text end as size,
      ${waiting(tx, firing, 'due_at')} as firings, ${waiting(tx, heldGroup, 'due_at')} as held,
      ${waiting(tx, trigger, 'due_at')} as triggers,
      (select json_build_object('count', count(*), 'oldestMs', extract(epoch from now() - min(at)) * 1000) from
        (select at from ${change} where workspace_id = ${tx.workspace} and xid >= coalesce(
          (select next from ${statisticState} where workspace_id = ${tx.workspace}), 0)
          order by xid limit ${MOST_COUNTED}) as late) as statistics,
      (select json_build_object('count', count(*), 'oldestAt', min(started_at)) from
        (select started_at from ${run} where workspace_id = ${tx.workspace} and ended_at is null
          limit ${MOST_COUNTED}) as open) as open`);
  const row = rows[0]!;
  const { open } = row;
  return {
    version: row.version,
    sizeBytes: row.size === null ? null : Number(row.size),
    openRuns: open.count,
    oldestOpenAt: open.oldestAt === null ? null : new Date(open.oldestAt).toISOString(),
    firings: whole(row.firings),
    held: whole(row.held),
    triggers: whole(row.triggers),
    statistics: whole(row.statistics),
  };
}

interface Row extends Record<string, unknown> {
  readonly version: string;
  readonly size: string | null;
  readonly firings: Waiting;
  readonly held: Waiting;
  readonly triggers: Waiting;
  readonly statistics: Waiting;
  readonly open: { readonly count: number; readonly oldestAt: string | null };
}

const whole = ({ count, oldestMs }: Waiting): Waiting => ({
  count,
  oldestMs: oldestMs === null ? null : Math.max(0, Math.round(oldestMs)),
});

const waiting = (tx: Tenant, table: typeof firing | typeof heldGroup | typeof trigger, due: string) => sql`(
  select json_build_object('count', count(*), 'oldestMs', extract(epoch from now() - min(at)) * 1000) from (
    select ${sql.identifier(due)} as at from ${table}
    where workspace_id = ${tx.workspace} and ${sql.identifier(due)} <= now() limit ${MOST_COUNTED}) as due)`;
