/** The months in which the history of runs is kept. */
import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { run, runBlob, runLog, runMonth, runPayload, runTerm, step } from '../../schema/index.ts';
import { THIS_MONTH } from './month.ts';

/** The tables that are partitioned. Runs come first: their partition is dropped only if none of its runs is open. */
export const PARTITIONED = ['run', 'run_term', 'run_log', 'run_payload', 'step'] as const;
export type Partitioned = (typeof PARTITIONED)[number];

/** A partition, and the month at whose beginning it ends. */
export interface Partition {
  readonly table: Partitioned;
  readonly name: string;
  readonly until: string;
}

/** The partitions that end with a month, the oldest first. */
export async function listPartitions(tx: Tenant): Promise<Partition[]> {
  const { rows } = await tx.db.execute<{ table: Partitioned; name: string; bound: string }>(sql`
    select parent.relname as table, part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bound
    from pg_inherits join pg_class parent on parent.oid = inhparent join pg_class part on part.oid = inhrelid
    where parent.relnamespace = 'public'::regnamespace and parent.relkind = 'p'`);
  const partitions = rows.flatMap(({ bound, ...names }) => {
    const until = / TO \('([0-9-]+)'\)/.exec(bound)?.[1];
    return until === undefined || !PARTITIONED.includes(names.table) ? [] : [{ ...names, until }];
  });
  const place = ({ until, table }: Partition): string => `${until} ${PARTITIONED.indexOf(table)}`;
  return partitions.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** Makes the partition of a month, counted from this one, unless there is one. @returns whether it was made */
export async function addPartition(
  tx: Tenant,
  { table, ahead }: { table: Partitioned; ahead: number },
): Promise<boolean> {
  const month = sql`(date_trunc('month', now()) + ${ahead}::int * interval '1 month')::date`;
  const { rows } = await tx.db.execute<{ made: boolean }>(sql`select blok_add_partition(${table}, ${month}) as made`);
  return rows[0]!.made;
}

/**
 * Drops a partition, if all of its rows belong to this workspace and to runs that have ended.
 *
 * @returns `dropped`; `shared` if another workspace has rows there; `open` if a run is open
 */
export async function dropPartition(
  tx: Tenant,
  { table, name, until }: Partition,
): Promise<'dropped' | 'shared' | 'open'> {
  const { rows } = await tx.db.execute<{ outcome: 'dropped' | 'shared' | 'open' }>(
    sql`select blok_drop_partition(${table}, ${name}, ${until}::date) as outcome`,
  );
  return rows[0]!.outcome;
}

/** Most open runs that one transaction takes along. */
const MOVED = 50;

/**
 * Takes open runs of earlier months along into this one, so that theirs can be dropped. Whoever writes about such a run
 * waits for this, or this for them, because both begin with its row in `run_month`.
 *
 * @param until the month before which they are kept now
 * @returns how many were taken along. At least `MOVED`: there may be more
 */
export async function takeAlong(tx: Tenant, { until }: { until: string }): Promise<number> {
  const { rows } = await tx.db.execute<{ id: string }>(sql`
    update ${runMonth} set month = ${THIS_MONTH} where ${runMonth.workspaceId} = ${tx.workspace}
      and ${runMonth.runId} in (select ${run.id} from ${run} where ${run.workspaceId} = ${tx.workspace}
        and ${run.month} < ${until}::date and ${run.endedAt} is null order by ${run.id} limit ${MOVED})
    returning run_id as id`);
  const ids = sql.param(rows.map(({ id }) => id));
  for (const [table, runId] of [
    [run, run.id],
    [runTerm, runTerm.runId],
    [runLog, runLog.runId],
    [runPayload, runPayload.runId],
    [step, step.runId],
  ] as const)
    await tx.db.execute(sql`update ${table} set month = ${THIS_MONTH}
      where ${table.workspaceId} = ${tx.workspace} and ${runId} = any(${ids}::text[]) and ${table.month} < ${until}::date`);
  return rows.length;
}

/** Most runs that one transaction removes. */
export const REMOVED = 2_000;

/**
 * Removes ended runs that are kept under months before `until`, where they cannot be dropped with their partition: other
 * workspaces have rows there, or the rows lie outside of all months.
 *
 * @returns how many were removed. At least `REMOVED`: there may be more
 */
export async function removeRuns(tx: Tenant, { until }: { until: string }): Promise<number> {
  const { rows } = await tx.db.execute<{ id: string }>(sql`
    delete from ${run} where ${run.workspaceId} = ${tx.workspace} and ${run.month} < ${until}::date
      and ${run.endedAt} is not null and ${run.id} = any(array(select ${run.id} from ${run} where ${run.workspaceId} = ${tx.workspace}
        and ${run.month} < ${until}::date and ${run.endedAt} is not null limit ${REMOVED}))
    returning id`);
  const ids = sql.param(rows.map(({ id }) => id));
  for (const table of [runTerm, runLog, runPayload, step])
    await tx.db.execute(sql`delete from ${table} where ${table.workspaceId} = ${tx.workspace}
      and ${table.runId} = any(${ids}::text[]) and ${table.month} < ${until}::date`);
  return rows.length;
}

/**
 * Forgets runs whose rows are gone, and with them what says which blobs they hold.
 *
 * @returns how many were forgotten. At least `REMOVED`: there may be more
 */
export async function forgetRuns(tx: Tenant, { until }: { until: string }): Promise<number> {
  const { rows } = await tx.db.execute<{ count: number }>(sql`
    with gone as (
      delete from ${runMonth} where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = any(array(
        select ${runMonth.runId} from ${runMonth} where ${runMonth.workspaceId} = ${tx.workspace}
          and ${runMonth.month} < ${until}::date and not exists (select from ${run}
            where ${run.workspaceId} = ${tx.workspace} and ${run.id} = ${runMonth.runId} and ${run.month} = ${runMonth.month})
        limit ${REMOVED}))
      returning run_id
    ),
    links as (delete from ${runBlob} where ${runBlob.workspaceId} = ${tx.workspace}
      and ${runBlob.runId} in (select run_id from gone))
    select count(*)::int as count from gone`);
  return rows[0]!.count;
}
