import { and, count, eq, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type Grain, type Histogram, run, runStatistic, stepStatistic } from '../../schema/index.ts';
import { OPEN_STATUSES } from '../runs/run-columns.ts';
import { readCountedTo, uncounted } from './fold.ts';
import { spansOf } from './spans.ts';
import { dayOf, type RunTally, readStepTallies, runSums, type StepTally, talliesOf } from './tally.ts';

/** Which statistics: of a workflow, or of all of the workspace, from a moment until before another one. */
export interface StatisticsQuery {
  readonly workflow?: string | undefined;
  readonly grain: Grain;
  readonly from: string;
  readonly to: string;
  /** How many nodes of each ranking. */
  readonly nodes: number;
}

/** How nodes are ranked. */
export type Ranking = 'slowest' | 'failing' | 'retried';

/** Steps of a node that ended. */
export interface NodeStatistic extends Omit<StepTally, 'grain' | 'day' | 'durations'> {
  readonly durations: readonly Histogram[];
}

/** Statistics of a time. */
export interface StatisticsRead extends Rankings {
  /** The earliest first. Hours and days in which no run ended are left out. */
  readonly buckets: readonly RunTally[];
  /** Runs that are open now, at most `MOST_OPEN`. */
  readonly open: number;
}

/** If somebody counts in between, it is read again, so that no run is missing or counts twice. */
const ATTEMPTS = 4;

/** What was counted, and what has ended since then. Writes nothing. */
export async function readStatistics(tx: Tenant, query: StatisticsQuery): Promise<StatisticsRead> {
  for (let attempt = 1; ; attempt++) {
    const { runs, countedTo } = await uncounted(tx);
    const { workflow } = query;
    const late = runs.filter((one) => workflow === undefined || one.workflow === workflow);
    const steps = await readStepTallies(tx, late);
    const found = {
      buckets: await runBuckets(tx, query, late.flatMap(talliesOf)),
      open: await countOpen(tx, query),
      ...(await rankNodes(tx, query, steps)),
    };
    if (attempt === ATTEMPTS || (await readCountedTo(tx)) === countedTo) return found;
  }
}

async function runBuckets(tx: Tenant, query: StatisticsQuery, late: readonly RunTally[]): Promise<RunTally[]> {
  const { workflow = '', grain, from, to } = query;
  const counted = await tx.db
    .select()
    .from(runStatistic)
    .where(
      and(
        eq(runStatistic.workspaceId, tx.workspace),
        eq(runStatistic.workflow, workflow),
        eq(runStatistic.grain, grain),
        gte(runStatistic.at, from),
        lt(runStatistic.at, to),
      ),
    );
  const isIn = (tally: RunTally) =>
    tally.grain === grain && tally.workflow === workflow && tally.at >= from && tally.at < to;
  const sums = runSums();
  for (const { workspaceId: _, ...bucket } of counted) sums.add(bucket);
  for (const tally of late) if (isIn(tally)) sums.add(tally);
  return sums.all().sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** How each ranking orders nodes, and which ones matter. */
const RANKED = {
  slowest: [sql`ms / count`, sql`ms > 0`],
  failing: [sql`failed`, sql`failed > 0`],
  retried: [sql`retries`, sql`retries > 0`],
} as const;

type Rankings = Readonly<Record<Ranking, readonly NodeStatistic[]>>;

/** The nodes that come first in each ranking, over all days of a range, which are in UTC. */
async function rankNodes(tx: Tenant, query: StatisticsQuery, late: readonly StepTally[]): Promise<Rankings> {
  const firstDay = dayOf(query.from);
  const fresh = late.filter(({ day }) => day >= firstDay && day < query.to);
  const rows = await firstNodes(tx, query, fresh);
  const of = (by: Ranking): NodeStatistic[] =>
    rows
      .filter((row) => row.by === by)
      .map(({ workflow, node, type, durations, ...sums }) => ({
        ...{ workflow, node, type },
        count: Number(sums.count),
        failed: Number(sums.failed),
        retries: Number(sums.retries),
        ms: Number(sums.ms),
        durations: durations.map((text) => JSON.parse(text) as Histogram),
      }));
  return { slowest: of('slowest'), failing: of('failing'), retried: of('retried') };
}

/** What was counted of steps within a range: by months where a month is whole, and by days before and after these. */
function countedWithin(tx: Tenant, { from, to }: StatisticsQuery): SQL {
  const spans = spansOf(from, to).map(
    (span) => sql`select * from ${stepStatistic} where workspace_id = ${tx.workspace} and grain = ${span.grain}
      and day >= ${span.from}::timestamptz and day < ${span.to}::timestamptz`,
  );
  return sql`(${sql.join(spans, sql` union all `)}) as counted`;
}

interface RankedRow extends Record<string, unknown> {
  readonly by: Ranking;
  readonly workflow: string;
  readonly node: string;
  readonly type: string;
  readonly count: string;
  readonly failed: string;
  readonly retries: string;
  readonly ms: string;
  /** Histograms in JSON. */
  readonly durations: readonly string[];
}

/** Reads what was counted once, and the histograms of those nodes only that come first: each day of each node has one. */
async function firstNodes(tx: Tenant, query: StatisticsQuery, late: readonly StepTally[]): Promise<RankedRow[]> {
  const { workflow, nodes } = query;
  const ofWorkflow = workflow === undefined ? sql`true` : sql`workflow = ${workflow}`;
  const rankings = Object.entries(RANKED).map(([by, [value, matters]]) => {
    const place = sql`row_number() over (order by ${value} desc, workflow, node) as place`;
    return sql`(select ${by}::text as by, ${place}, * from summed where ${matters} order by place limit ${nodes})`;
  });
  const { rows } = await tx.db.execute<RankedRow>(sql`
    with counted as materialized (
      select workflow, node, type, count, failed, retries, ms, durations from ${countedWithin(tx, query)} where ${ofWorkflow}
      union all
      select * from json_to_recordset(${JSON.stringify(late)}::json) as late(workflow text, node text, type text,
        count int, failed int, retries int, ms bigint, durations text)
    ), summed as materialized (
      select workflow, node, min(type) as type, sum(count) as count, sum(failed) as failed, sum(retries) as retries,
        sum(ms) as ms
      from counted group by workflow, node
    ), ranked as materialized (${sql.join(rankings, sql` union all `)})
    select * from ranked join (
      select workflow, node, array_agg(durations) as durations from counted
      where (workflow, node) in (select workflow, node from ranked) group by workflow, node
    ) as taken using (workflow, node)
    order by place`);
  return rows;
}

/** Most open runs that are counted: whoever has more needs no exact number. */
const MOST_OPEN = 10_000;

async function countOpen(tx: Tenant, { workflow }: StatisticsQuery): Promise<number> {
  // Each has an index of its own, from which the count is read without the rows.
  const isOpen =
    workflow === undefined ? isNull(run.endedAt) : and(eq(run.workflow, workflow), inArray(run.status, OPEN_STATUSES));
  const open = tx.db
    .select({ id: run.id })
    .from(run)
    .where(and(eq(run.workspaceId, tx.workspace), isOpen))
    .limit(MOST_OPEN)
    .as('open');
  const [row] = await tx.db.select({ open: count() }).from(open);
  return row!.open;
}
