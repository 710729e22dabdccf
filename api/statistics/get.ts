import {
  addUp,
  type Histogram,
  type NodeStatistic,
  percentiles,
  type RunTally,
  readStatistics,
} from '../../db/index.ts';
import { formatMoney } from '../../graph/money.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { WireStatistics } from './schema.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A chart has no more bars than this. */
const MOST_BUCKETS = 1_000;
const NODES = 10;

/** What is asked for. */
export interface StatisticsQuery {
  readonly workflow?: string | undefined;
  readonly by: 'hour' | 'day';
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** How runs of a time ended and how long they took. @throws ApiProblem `request.invalid` for a range that is none */
export async function getStatistics(ctx: Context, query: StatisticsQuery, now = Date.now()): Promise<WireStatistics> {
  const { workflow, by } = query;
  const range = { workflow, ...rangeOf(query, now) };
  const found = await ctx.tenant((tx) => readStatistics(tx, { ...range, grain: by, nodes: NODES }));
  const { buckets, open, slowest, failing, retried } = found;
  return {
    ...{ workflow: workflow ?? null, by, from: range.from, to: range.to, open },
    total: presentRuns(together(buckets)),
    buckets: buckets.map((bucket) => ({ at: bucket.at, ...presentRuns(bucket) })),
    nodes: {
      slowest: slowest.map(presentNode),
      failing: failing.map(presentNode),
      retried: retried.map(presentNode),
    },
  };
}

function rangeOf({ by, from, to }: StatisticsQuery, now: number): { from: string; to: string } {
  const bucketMs = by === 'hour' ? HOUR_MS : DAY_MS;
  const end = to === undefined ? now : Date.parse(to);
  const asked = from === undefined ? end - (by === 'hour' ? DAY_MS : 30 * DAY_MS) : Date.parse(from);
  // A bucket is whole: the one in which the range begins counts.
  const begin = Math.floor(asked / bucketMs) * bucketMs;
  if (asked > end) throw new ApiProblem('request.invalid', 'query/from: must be before "to".');
  if ((end - begin) / bucketMs > MOST_BUCKETS) {
    const words = by === 'hour' ? 'Ask by=day, or for a shorter time.' : 'Ask for a shorter time.';
    throw new ApiProblem('request.invalid', `query/from: is more than ${MOST_BUCKETS} ${by}s before "to". ${words}`);
  }
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

type Runs = Pick<RunTally, 'counts' | 'durations' | 'cost'>;

const together = (buckets: readonly RunTally[]): Runs => ({
  counts: addUp(buckets.map(({ counts }) => counts as Record<string, number>)),
  durations: addUp(buckets.map(({ durations }) => durations)),
  cost: buckets.reduce((sum, { cost }) => sum + cost, 0n),
});

function presentRuns({ counts, durations, cost }: Runs) {
  const runs = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const judged = runs - (counts.cancelled ?? 0);
  return {
    runs,
    counts: Object.fromEntries(Object.entries(counts).filter(([, one]) => one > 0)),
    successRate: judged > 0 ? (counts.succeeded ?? 0) / judged : null,
    ...inPercentiles(durations),
    cost: formatMoney(cost),
  };
}

function inPercentiles(durations: Histogram) {
  const [p50Ms, p95Ms] = percentiles(durations, [0.5, 0.95]) as [number | null, number | null];
  return { p50Ms, p95Ms };
}

function presentNode({ durations, ms, ...node }: NodeStatistic) {
  return { ...node, meanMs: Math.round(ms / node.count), ...inPercentiles(addUp(durations)) };
}
