import type { CliContext } from '../context.ts';
import { count, type Declaration } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { RUN_MARKS } from '../print/run.ts';
import { table } from '../print/table.ts';
import { elapsed } from '../print/time.ts';

export interface RunsArgs {
  readonly workflow?: string;
  readonly status?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

/** Lists runs, newest first. */
export async function runs(ctx: CliContext, args: RunsArgs): Promise<number> {
  const { json, ...query } = args;
  const page = await ctx.client.runs(query);
  if (json) {
    ctx.out(JSON.stringify(page, null, 2));
    return EXIT.ok;
  }
  if (page.items.length === 0) ctx.err('No runs.');
  const rows = page.items.map((run) => [
    `${RUN_MARKS[run.status] ?? ' '} ${run.id}`,
    run.workflow,
    run.status,
    run.startedAt,
    elapsed(run.startedAt, run.endedAt, ctx.now()),
    run.error?.code ?? '',
  ]);
  if (rows.length > 0) {
    for (const line of table(['  run', 'workflow', 'status', 'started', 'time', 'error'], rows)) ctx.out(line);
  }
  if (page.next !== null) ctx.err(`More: add --cursor ${page.next}`);
  return EXIT.ok;
}

/** How the command is called. */
export const declareRuns: Declaration = ({ command, does, ctx }) =>
  command('runs', 'list runs, newest first')
    .option('--workflow <name>', 'only runs of this workflow')
    .option('--status <status>', 'only runs with this status')
    .option('--limit <count>', 'at most this many', count(1, 200), 20)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((options) => runs(ctx, options)));
