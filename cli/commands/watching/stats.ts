import type { Query } from '../../../api/client-types.ts';
import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { formatElapsed } from '../../print/time.ts';
import type { NodeStatistics, RunStatistics } from '../../wire.ts';

export interface StatsArgs extends Query<'GET /api/stats'> {
  readonly json: boolean;
}

/** Prints how runs ended and how long they took. */
export async function stats(ctx: CliContext, { json, ...query }: StatsArgs): Promise<number> {
  const found = await ctx.client.statistics(query);
  if (json) {
    ctx.out(JSON.stringify(found, null, 2));
    return EXIT.ok;
  }
  const rows = [...found.buckets.map((one) => rowOf(one.at, one)), rowOf('all', found.total)];
  for (const line of table([found.by, 'runs', 'succeeded', 'p50', 'p95', 'ended otherwise'], rows)) ctx.out(line);
  const { slowest, failing } = found.nodes;
  printNodes(ctx, 'slowest', slowest);
  printNodes(ctx, 'failing', failing);
  ctx.err(`Open now: ${found.open}.`);
  return EXIT.ok;
}

const rowOf = (name: string, { runs, counts, successRate, p50Ms, p95Ms }: RunStatistics): string[] => [
  name,
  String(runs),
  successRate === null ? '' : `${(successRate * 100).toFixed(1)} %`,
  took(p50Ms),
  took(p95Ms),
  Object.entries(counts)
    .filter(([status]) => status !== 'succeeded')
    .map(([status, count]) => `${status} ${count}`)
    .join(', '),
];

function printNodes(ctx: CliContext, name: string, nodes: readonly NodeStatistics[]): void {
  if (nodes.length === 0) return;
  const rows = nodes.map(({ workflow, node, type, count, failed, retries, p50Ms, p95Ms }) => [
    ...[`${workflow}/${node}`, type, String(count), String(failed), String(retries), took(p50Ms), took(p95Ms)],
  ]);
  ctx.out('');
  for (const line of table([name, 'type', 'steps', 'failed', 'retries', 'p50', 'p95'], rows)) ctx.out(line);
}

const took = (ms: number | null): string => (ms === null ? '' : formatElapsed(ms));

/** How the command is called. */
export const declareStats: Declaration = ({ command, does, ctx }) =>
  command('stats [workflow]', 'print how runs ended and how long they took, and which nodes are slow or fail')
    .option('--by <unit>', 'hour or day', 'hour')
    .option('--from <time>', 'from this time on, such as 2026-01-31T00:00:00Z')
    .option('--to <time>', 'until this time')
    .action(does((workflow: string | undefined, options) => stats(ctx, { workflow, ...options })));
