import { and, count, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type Grain, type Histogram, run, runStatistic, stepStatistic } from '../../schema/index.ts';
import { readCountedTo, uncounted } from './fold.ts';
import { type RunTally, readStepTallies, runSums, type StepTally, talliesOf } from './tally.ts';

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
export interface NodeStatistic extends Omit<StepTally, 'day' | 'durations'> {
  readonly durations: readonly Histogram[];
}

/** Statistics of a time. */
export interface StatisticsRead extends Readonly<Record<Ranking, readonly NodeStatistic[]>> {
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
      slowest: await rankedNodes(tx, query, 'slowest', steps),
      failing: await rankedNodes(tx, query, 'failing', steps),
      retried: await rankedNodes(tx, query, 'retried', steps),
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

/** How a ranking orders nodes, and which ones matter. */
const RANKED = {
  slowest: [sql`sum(ms) / sum(count)`, sql`sum(ms) > 0`],
  failing: [sql`sum(failed)`, sql`sum(failed) > 0`],
  retried: [sql`sum(retries)`, sql`sum(retries) > 0`],
} as const;

/** The nodes that come first in a ranking, over all days of a range, which are in UTC. */
async function rankedNodes(
  tx: Tenant,
  { workflow, from, to, nodes }: StatisticsQuery,
  by: Ranking,
  late: readonly StepTally[],
): Promise<NodeStatistic[]> {
  const [value, matters] = RANKED[by];
  const ofWorkflow = workflow === undefined ? sql`true` : sql`workflow = ${workflow}`;
  const firstDay = `${from.slice(0, 10)}T00:00:00.000Z`;
  const fresh = late.filter(({ day }) => day >= firstDay && day < to);
  const rest = fresh.map((tally) => ({ ...tally, durations: JSON.stringify(tally.durations) }));
  const { rows } = await tx.db.execute<NodeRow>(sql`
    with counted as (
      select workflow, node, type, count, failed, retries, ms, durations from ${stepStatistic}
      where workspace_id = ${tx.workspace} and ${ofWorkflow}
        and day >= ${firstDay}::timestamptz and day < ${to}::timestamptz
      union all
      select * from json_to_recordset(${JSON.stringify(rest)}::json) as late(workflow text, node text, type text,
        count int, failed int, retries int, ms bigint, durations text)
    )
    select workflow, node, min(type) as type, sum(count)::text as count, sum(failed)::text as failed,
      sum(retries)::text as retries, sum(ms)::text as ms, array_agg(durations) as durations
    from counted group by workflow, node having ${matters}
    order by ${value} desc, workflow, node limit ${nodes}`);
  return rows.map(({ workflow: name, node, type, durations, ...sums }) => ({
    ...{ workflow: name, node, type },
    count: Number(sums.count),
    failed: Number(sums.failed),
    retries: Number(sums.retries),
    ms: Number(sums.ms),
    durations: durations.map((text) => JSON.parse(text) as Histogram),
  }));
}

interface NodeRow extends Record<string, unknown> {
  readonly workflow: string;
  readonly node: string;
  readonly type: string;
  readonly count: string;
  readonly failed: string;
  readonly retries: string;
  readonly ms: string;
  readonly durations: readonly string[];
}

/** Most open runs that are counted: whoever has more needs no exact number. */
const MOST_OPEN = 10_000;

async function countOpen(tx: Tenant, { workflow }: StatisticsQuery): Promise<number> {
  const ofWorkflow = workflow === undefined ? undefined : eq(run.workflow, workflow);
  const open = tx.db
    .select({ id: run.id })
    .from(run)
    .where(and(eq(run.workspaceId, tx.workspace), isNull(run.endedAt), ofWorkflow))
    .limit(MOST_OPEN)
    .as('open');
  const [row] = await tx.db.select({ open: count() }).from(open);
  return row!.open;
}
