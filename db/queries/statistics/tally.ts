import { sql } from 'drizzle-orm';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { Tenant } from '../../database.ts';
import { type Grain, type Histogram, run, runMonth, step, type stepStatistic } from '../../schema/index.ts';
import { theirRun } from '../runs/month.ts';
import { addUp, BINS, binOf } from './histogram.ts';

/** A run whose end is counted. */
export interface EndedRun {
  readonly id: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** It was counted under this status before. */
  readonly was: RunStatus | null;
  readonly startedAt: string;
  readonly endedAt: string;
  /** What its calls to models cost, in pico-dollars. */
  readonly cost: bigint;
}

/** Runs of a workflow, or of all, that ended in an hour or a day. */
export interface RunTally {
  readonly workflow: string;
  readonly grain: Grain;
  readonly at: string;
  readonly counts: Partial<Record<RunStatus, number>>;
  readonly durations: Histogram;
  readonly cost: bigint;
}

/** Steps of a node of runs that ended on a day, or in a month. */
export type StepTally = Omit<typeof stepStatistic.$inferSelect, 'workspaceId'>;

/** Things of a kind, added up under their keys. */
export interface Sums<T> {
  add(one: T): void;
  has(one: T): boolean;
  all(): T[];
}

/** Sums of runs by workflow, grain and time. */
export const runSums = (): Sums<RunTally> =>
  sums(
    ({ workflow, grain, at }) => `${grain} ${at} ${workflow}`,
    (one, other) => ({
      ...one,
      counts: addUp([one.counts as Histogram, other.counts as Histogram]),
      durations: addUp([one.durations, other.durations]),
      cost: one.cost + other.cost,
    }),
  );

/** Sums of steps by workflow, time and node. */
export const stepSums = (): Sums<StepTally> =>
  sums(
    ({ workflow, grain, day, node }) => `${grain} ${day} ${workflow} ${node}`,
    (one, other) => ({
      ...one,
      count: one.count + other.count,
      failed: one.failed + other.failed,
      retries: one.retries + other.retries,
      ms: one.ms + other.ms,
      durations: addUp([one.durations, other.durations]),
    }),
  );

function sums<T>(keyOf: (one: T) => string, together: (one: T, other: T) => T): Sums<T> {
  const known = new Map<string, T>();
  return {
    add: (one) => {
      const before = known.get(keyOf(one));
      known.set(keyOf(one), before === undefined ? one : together(before, one));
    },
    has: (one) => known.has(keyOf(one)),
    all: () => [...known.values()],
  };
}

const GRAINS: readonly Grain[] = ['hour', 'day'];

/** The begin of the hour or day of a moment, in UTC. */
const beginOf = (grain: Grain, iso: string): string =>
  grain === 'hour' ? `${iso.slice(0, 13)}:00:00.000Z` : `${iso.slice(0, 10)}T00:00:00.000Z`;

/** What a run adds: to its workflow and to all, by hour and by day. */
export function talliesOf(one: EndedRun): RunTally[] {
  const counts = countsOf(one);
  return ['', one.workflow].flatMap((workflow) =>
    GRAINS.map((grain) => ({ workflow, grain, at: beginOf(grain, one.endedAt), ...counts })),
  );
}

/** A run that was counted before changes its status, and has its duration and cost already. */
function countsOf({
  status,
  was,
  startedAt,
  endedAt,
  cost,
}: EndedRun): Pick<RunTally, 'counts' | 'durations' | 'cost'> {
  if (was !== null) return { counts: { [was]: -1, [status]: 1 }, durations: {}, cost: 0n };
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return { counts: { [status]: 1 }, durations: { [binOf(ms)]: 1 }, cost };
}

/** The steps of runs, counted by workflow, day, node and bin: the same bins as in `histogram.ts`. */
export async function readStepTallies(tx: Tenant, runs: readonly EndedRun[]): Promise<StepTally[]> {
  const ids = runs.filter(({ was }) => was === null).map(({ id }) => id);
  if (ids.length === 0) return [];
  const { rows } = await tx.db.execute<Record<string, string>>(sql`
    with took as (
      select ${run.workflow} as workflow, date_trunc('day', ${run.endedAt}) as day, ${step.node} as node,
        ${step.type} as type, ${step.status} as status, greatest(${step.attempts} - 1, 0) as retries,
        greatest(extract(epoch from ${step.endedAt} - ${step.startedAt}) * 1000, 0)::float8 as ms
      from ${runMonth} join lateral ${theirRun} as run on true join lateral (select * from ${step}
        where ${step.workspaceId} = ${runMonth.workspaceId} and ${step.runId} = ${runMonth.runId}
          and ${step.month} = ${runMonth.month} offset 0) as step on true
      where ${runMonth.workspaceId} = ${tx.workspace} and ${runMonth.runId} = any(${sql.param(ids)}::text[])
        and ${step.endedAt} is not null and ${step.startedAt} is not null
    )
    select workflow, to_char(day, 'YYYY-MM-DD') as day, node, min(type) as type, count(*) as count,
      count(*) filter (where status = 'failed') as failed, sum(retries) as retries, round(sum(ms)) as ms,
      round(${sql.raw(String(BINS))} * ln(ms + 1) / ln(2)) as bin
    from took group by workflow, day, node, bin`);
  return rows.map((row) => ({
    workflow: row.workflow!,
    grain: 'day',
    day: `${row.day}T00:00:00.000Z`,
    node: row.node!,
    type: row.type!,
    count: Number(row.count),
    failed: Number(row.failed),
    retries: Number(row.retries),
    ms: Number(row.ms),
    durations: { [String(row.bin)]: Number(row.count) },
  }));
}

/** What steps of a day add to their month. */
export const inMonth = (tally: StepTally): StepTally => ({ ...tally, grain: 'month', day: monthOf(tally.day) });

/** The begin of the day of a moment, in UTC. */
export const dayOf = (iso: string): string => beginOf('day', iso);

/** The first day of the month of a moment, in UTC. */
export const monthOf = (iso: string): string => `${iso.slice(0, 7)}-01T00:00:00.000Z`;
