import type { RunsAsked } from '../calls/runs.ts';
import type { CliContext } from '../context.ts';
import { count, type Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { RUN_MARKS } from '../print/run.ts';
import { table } from '../print/table.ts';
import { elapsed } from '../print/time.ts';
import { type RunOptions, runsAsked, withRunFilter } from '../run-filter.ts';
import type { RunSummary } from '../wire.ts';

export interface RunsArgs extends RunOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly count?: boolean;
  /** Name under which the filter is saved, instead of a list. */
  readonly save?: string;
  readonly json: boolean;
}

/** Lists or counts the runs that fit a filter, newest first, or saves the filter. */
export async function runs(ctx: CliContext, args: RunsArgs): Promise<number> {
  const { json, limit, cursor, count: isCount, save, ...options } = args;
  const asked = runsAsked(options, ctx.now());
  if (save !== undefined) return saveFilter(ctx, save, options, json);
  if (isCount) return printCount(ctx, asked, json);
  const page = await ctx.client.runs({ ...asked, limit, cursor });
  if (json) ctx.out(JSON.stringify(page, null, 2));
  else {
    printRuns(ctx, page.items);
    if (page.next !== null) ctx.err(`More: add --cursor ${page.next}`);
  }
  return EXIT.ok;
}

function printRuns(ctx: CliContext, items: readonly RunSummary[]): void {
  if (items.length === 0) return ctx.err('No runs.');
  const rows = items.map((run) => [
    `${RUN_MARKS[run.status] ?? ' '} ${run.id}`,
    run.workflow,
    run.status,
    run.startedAt,
    elapsed(run.startedAt, run.endedAt, ctx.now()),
    run.error?.code ?? '',
  ]);
  for (const line of table(['  run', 'workflow', 'status', 'started', 'time', 'error'], rows)) ctx.out(line);
}

async function printCount(ctx: CliContext, asked: RunsAsked, json: boolean): Promise<number> {
  const answer = await ctx.client.countRuns(asked);
  ctx.out(json ? JSON.stringify(answer, null, 2) : `${answer.exact ? '' : 'at least '}${answer.count}`);
  return EXIT.ok;
}

async function saveFilter(ctx: CliContext, name: string, options: RunOptions, json: boolean): Promise<number> {
  if (options.since !== undefined)
    throw badInput('A saved filter has no --since: the time would stay as it is now.', 'Give --from.');
  const { filter: _, ...asked } = runsAsked(options, ctx.now());
  const saved = await ctx.client.saveFilter(name, asked as Record<string, string>);
  if (json) ctx.out(JSON.stringify(saved, null, 2));
  else ctx.err(`Saved. List these runs with: blok runs --filter ${name}`);
  return EXIT.ok;
}

/** How the command is called. */
export const declareRuns: Declaration = ({ command, does, ctx }) =>
  withRunFilter(command('runs', 'list the runs that fit all that is asked for, newest first; or count them'))
    .option('--save <name>', 'save the filter under a name')
    .option('--count', 'count them')
    .option('--limit <count>', 'at most this many', count(1, 200), 20)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((options) => runs(ctx, options)));
