/** How ended runs of earlier months are removed where their months cannot be dropped. */
import { type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { control, run, runBlob, runLog, runMonth, runPayload, runTerm, step } from '../../schema/index.ts';

/** Most rows of a table that one transaction removes. */
export const REMOVED = 2_000;

/**
 * Removes ended runs that are kept under months before `until`: other workspaces have rows there, or the rows lie outside of
 * all months. From then on, nobody finds these runs; `removeLeftRows` removes what belongs to them.
 *
 * @returns how many were removed. At least `REMOVED`: there may be more
 */
export async function removeRuns(tx: Tenant, { until }: { until: string }): Promise<number> {
  const gone = await tx.db.execute(sql`
    delete from ${run} where ${run.workspaceId} = ${tx.workspace} and ${run.month} < ${until}::date
      and ${run.endedAt} is not null and ${run.id} = any(array(select ${run.id} from ${run} where ${run.workspaceId} = ${tx.workspace}
        and ${run.month} < ${until}::date and ${run.endedAt} is not null limit ${REMOVED}))`);
  return gone.rowCount ?? 0;
}

/** What tells the rows of each table apart, besides the workspace: in the order of their index, which so ends a batch early. */
const KEYS: readonly (readonly [
  typeof step | typeof runLog | typeof runTerm | typeof runPayload,
  readonly string[],
])[] = [
  [step, ['run_id', 'path', 'month']],
  [runLog, ['run_id', 'at', 'step', 'attempt', 'seq', 'month']],
  [runTerm, ['term', 'started_at', 'run_id', 'month']],
  [runPayload, ['run_id', 'month']],
];

/**
 * Reads no more of a table than one batch needs. The planner would rather read all of it, because it believes that there are
 * few rows until the table is analyzed, and that the months which it will skip cost as much as the others.
 */
const ROW_BY_ROW = sql`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
  set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`;

/**
 * Removes rows under months before `until` whose run is not there any more: it was removed, or has moved to another month.
 *
 * @returns most rows that were removed of one table. At least `REMOVED`: there may be more
 */
export async function removeLeftRows(tx: Tenant, { until }: { until: string }): Promise<number> {
  await tx.db.execute(ROW_BY_ROW);
  let most = 0;
  for (const [table, key] of KEYS) {
    const names = (of: string): SQL =>
      sql.join(
        key.map((name) => sql`${sql.identifier(of)}.${sql.identifier(name)}`),
        sql`, `,
      );
    const gone = await tx.db.execute(sql`
      delete from ${table} as one using (
        select ${names('here')} from ${table} as here where here.workspace_id = ${tx.workspace}
          and here.month < ${until}::date and not exists (select from ${run} where ${run.workspaceId} = ${tx.workspace}
            and ${run.id} = here.run_id and ${run.month} = here.month)
        order by ${names('here')} limit ${REMOVED}) as gone
      where one.workspace_id = ${tx.workspace} and (${names('one')}) = (${names('gone')})`);
    most = Math.max(most, gone.rowCount ?? 0);
  }
  return most;
}

/**
 * Forgets runs whose rows are gone, and with them what says which blobs they hold and what operators did to them.
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
      and ${runBlob.runId} in (select run_id from gone)),
    asked as (delete from ${control} where ${control.workspaceId} = ${tx.workspace}
      and ${control.runId} in (select run_id from gone))
    select count(*)::int as count from gone`);
  return rows[0]!.count;
}
