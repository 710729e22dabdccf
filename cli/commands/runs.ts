import type { RunsAsked } from '../calls/run-calls.ts';
import type { CliContext } from '../context.ts';
import { count, type Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { RUN_MARKS } from '../print/run.ts';
import { table } from '../print/table.ts';
import { elapsed } from '../print/time.ts';
import type { RunSummary } from '../wire.ts';

export interface RunsArgs extends Omit<RunsAsked, 'version'> {
  readonly ofVersion?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly count?: boolean;
  /** Name under which the filter is saved, instead of a list. */
  readonly save?: string;
  readonly since?: string;
  readonly json: boolean;
}

/** Lists or counts the runs that fit a filter, newest first, or saves the filter. */
export async function runs(ctx: CliContext, args: RunsArgs): Promise<number> {
  const { json, limit, cursor, count: isCount, save, since, ofVersion, ...rest } = args;
  const given: RunsAsked = ofVersion === undefined ? rest : { ...rest, version: ofVersion };
  const asked = since === undefined ? given : { ...given, from: timeBefore(since, ctx.now()) };
  if (save !== undefined) return saveFilter(ctx, save, { ...given, json, since });
  if (isCount) return printCount(ctx, asked, json);
  const page = await ctx.client.runs({ ...asked, limit, ...(cursor === undefined ? {} : { cursor }) });
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

async function saveFilter(
  ctx: CliContext,
  name: string,
  { json, since, filter: _saved, ...asked }: RunsAsked & { json: boolean; since: string | undefined },
): Promise<number> {
  if (since !== undefined)
    throw badInput('A saved filter has no --since: the time would stay as it is now.', 'Give --from.');
  const saved = await ctx.client.saveFilter(name, asked);
  if (json) ctx.out(JSON.stringify(saved, null, 2));
  else ctx.err(`Saved. List these runs with: blok runs --filter ${name}`);
  return EXIT.ok;
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The time so long ago: `30m`, `12h`, `7d`. */
function timeBefore(since: string, now: number): string {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(since) ?? [];
  if (amount === undefined) throw badInput(`--since ${since} is no duration.`, 'Write 30m, 12h or 7d.');
  return new Date(now - Number(amount) * UNITS[unit!]!).toISOString();
}

/** How the command is called. */
export const declareRuns: Declaration = ({ command, does, ctx }) =>
  command('runs', 'list the runs that fit all that is asked for, newest first; or count them')
    .option('--workflow <name>', 'of this workflow')
    .option('--of-version <number>', 'of this version of the workflow')
    .option('--status <status>', 'with this status')
    .option('--trigger <id>', 'started by this trigger')
    .option('--uses <type>', 'started by triggers of this type, such as schedule')
    .option('--error <code>', 'with this error')
    .option('--text <words>', 'whose error has these words')
    .option('--key <key>', 'with this idempotency key, or for this event')
    .option('--label <label>', 'with this label')
    .option('--parent <run>', 'called by this run')
    .option('--waits <kind>', 'that wait for: timer, event, approval, retry, queue')
    .option('--from <time>', 'started at this time or later')
    .option('--to <time>', 'started before this time')
    .option('--since <duration>', 'started within this time: 30m, 12h, 7d')
    .option('--filter <name>', 'that fit a saved filter, too')
    .option('--save <name>', 'save the filter under a name')
    .option('--count', 'count them')
    .option('--limit <count>', 'at most this many', count(1, 200), 20)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((options) => runs(ctx, options)));
