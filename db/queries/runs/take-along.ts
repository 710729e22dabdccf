/** How open runs of earlier months move into this one, so that their months can be dropped. */
import { type AnyColumn, and, asc, eq, getTableColumns, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { Tenant, Within } from '../../database.ts';
import { run, runLog, runMonth, runPayload, runTerm, step } from '../../schema/index.ts';
import { lockMonth, THIS_MONTH } from './month.ts';

/**
 * Most rows that one transaction copies: whoever writes about the run waits until it ends. A step may hold 32 KB of
 * input and output each.
 */
const COPIED = 500;

/** Most runs of one page. */
const PAGE = 500;

/** Of these tables a run may have any number of rows. `place` tells them apart, in the order of their index. */
const LARGE = [
  { table: step, place: [step.path] },
  { table: runLog, place: [runLog.at, runLog.step, runLog.attempt, runLog.seq] },
] as const;
type Large = (typeof LARGE)[number];

interface Moving {
  readonly runId: string;
  /** The month before which its rows are kept now. */
  readonly until: string;
}

/**
 * Takes open runs that are kept under months before `until` along into this one. However many steps a run has, whoever
 * writes about it waits for a moment only: rows are copied a few at a time while the run stays where it is, and the last
 * transaction copies what has changed meanwhile. What stays behind is nobody's any more: it goes with its month, or is
 * removed by `removeLeftRows`.
 *
 * @returns how many were taken along
 */
export async function takeAlong(inside: Within, { until }: { until: string }): Promise<number> {
  let moved = 0;
  for (let after = ''; ; ) {
    const page = await inside((tx) => openBefore(tx, { until, after }));
    for (const runId of page) moved += (await move(inside, { runId, until })) ? 1 : 0;
    if (page.length < PAGE) return moved;
    after = page.at(-1)!;
  }
}

async function openBefore(tx: Tenant, { until, after }: { until: string; after: string }): Promise<string[]> {
  const rows = await tx.db
    .select({ id: run.id })
    .from(run)
    .where(
      and(
        eq(run.workspaceId, tx.workspace),
        isNull(run.endedAt),
        sql`${run.month} < ${until}::date`,
        gt(run.id, after),
      ),
    )
    .orderBy(asc(run.id))
    .limit(PAGE);
  return rows.map(({ id }) => id);
}

async function move(inside: Within, moving: Moving): Promise<boolean> {
  const since = await inside(oldestTransaction);
  for (const large of LARGE) {
    let place: readonly string[] | null = [];
    while (place !== null) {
      const after: readonly string[] = place;
      place = await inside((tx) => copyPage(tx, large, { ...moving, after }));
    }
  }
  return inside((tx) => moveRest(tx, { ...moving, since }));
}

/** Whatever a later statement sees and this one does not was written by this transaction or a later one. */
async function oldestTransaction(tx: Tenant): Promise<string> {
  const { rows } = await tx.db.execute<{ xid: string }>(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`,
  );
  return rows[0]!.xid;
}

/** Copies the next rows of a run. @returns where it has come to; null: there are no more, or the run has moved */
async function copyPage(
  tx: Tenant,
  large: Large,
  { runId, until, after }: Moving & { after: readonly string[] },
): Promise<string[] | null> {
  const month = await lockMonth(tx, runId);
  if (month === null || month >= until) return null;
  const { table, place } = large;
  const key = list(place);
  const beyond = after.length === 0 ? sql`true` : sql`(${key}) > ${after}`;
  const { rows } = await tx.db.execute<{ place: string[] }>(sql`
    with page as (
      select * from ${table} where ${oldRows(tx, table, { runId, until })} and ${beyond} order by ${key} limit ${COPIED}
    ),
    copied as (${copy(large, sql`page`)})
    select array[${list(place, (name) => sql`${name}::text`)}] as place from page order by ${key}`);
  return rows.length < COPIED ? null : rows.at(-1)!.place;
}

/** The run itself, what it has few of, and what was written since its other rows were copied. */
async function moveRest(tx: Tenant, { runId, until, since }: Moving & { since: string }): Promise<boolean> {
  const month = await lockMonth(tx, runId);
  if (month === null || month >= until) return false;
  // It may have ended meanwhile: then it stays, and goes with its month.
  const moved = await tx.db.execute(sql`update ${run} set month = ${THIS_MONTH}
    where ${run.workspaceId} = ${tx.workspace} and ${run.id} = ${runId} and ${run.month} < ${until}::date
      and ${run.endedAt} is null`);
  if (moved.rowCount === 0) return false;
  await tx.db.execute(sql`update ${runMonth} set month = ${THIS_MONTH}
    where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = ${runId}`);
  for (const table of [runTerm, runPayload])
    await tx.db.execute(sql`update ${table} set month = ${THIS_MONTH} where ${oldRows(tx, table, { runId, until })}`);
  for (const large of LARGE) {
    const { table } = large;
    const late = sql`(select * from ${table} where ${oldRows(tx, table, { runId, until })}
      and age(${table}.xmin) <= age(${since}::xid8::xid)) as late`;
    await tx.db.execute(copy(large, late));
  }
  return true;
}

const oldRows = (
  tx: Tenant,
  table: typeof step | typeof runLog | typeof runTerm | typeof runPayload,
  { runId, until }: Moving,
): SQL => sql`${table.workspaceId} = ${tx.workspace} and ${table.runId} = ${runId} and ${table.month} < ${until}::date`;

/** Copies rows into this month, in place of copies that are there already. */
function copy({ table, place }: Large, rows: SQL): SQL {
  const columns: AnyColumn[] = Object.values(getTableColumns(table));
  return sql`insert into ${table} (${list(columns)})
    select ${list(columns, (name, column) => (column === table.month ? THIS_MONTH : name))} from ${rows}
    on conflict (workspace_id, run_id, ${list(place)}, month) do update set
      ${list(columns, (name) => sql`${name} = excluded.${name}`)}`;
}

/** Columns by their names alone, as they are called in any table. */
const list = (columns: readonly AnyColumn[], each = (name: SQL, _column: AnyColumn): SQL => name): SQL =>
  sql.join(
    columns.map((column) => each(sql`${sql.identifier(column.name)}`, column)),
    sql`, `,
  );
