import type { CliContext } from '../../context.ts';
import { count, type Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { printable } from '../../print/diff.ts';
import { table } from '../../print/table.ts';
import type { ModelCall, UsageSum } from '../../wire.ts';

export interface UsageArgs {
  readonly by: string;
  readonly from?: string;
  readonly to?: string;
  readonly workflow?: string;
  readonly model?: string;
  readonly connection?: string;
  /** Single calls of a run, instead of sums. */
  readonly run?: string;
  readonly limit: number;
  readonly json: boolean;
}

/** Prints what calls to models used and cost. */
export async function usage(ctx: CliContext, args: UsageArgs): Promise<number> {
  if (args.run !== undefined) return calls(ctx, args.run, args);
  const { by, from, to, workflow, model, connection, json } = args;
  const found = await ctx.client.usage({ by, from, to, workflow, model, connection });
  if (json) {
    ctx.out(JSON.stringify(found, null, 2));
    return EXIT.ok;
  }
  ctx.err(`${found.from} to ${found.to} (${found.timeZone})`);
  const keys = by.split(',').flatMap((key) => (key === 'model' ? ['provider', 'model'] : [key]));
  const rows = found.items.map((item) => [
    ...keys.map((key) => printable(String((item as unknown as Record<string, unknown>)[key] ?? '–'))),
    ...cells(item),
  ]);
  rows.push([...keys.map((_, index) => (index === 0 ? 'total' : '')), ...cells(found.total)]);
  for (const line of table([...keys, 'calls', 'input', 'cached', 'output', 'cost', 'open'], rows)) ctx.out(line);
  if (found.total.unpriced > 0)
    ctx.err(
      `Calls without a known price, in no sum: ${found.total.unpriced}. docs/ai-costs.md says how to add prices.`,
    );
  if (found.total.estimated > 0)
    ctx.err(
      `Calls whose provider did not say what they used, counted with the most it can have been: ${found.total.estimated}.`,
    );
  if (!found.complete) ctx.err('There are more groups: ask for fewer days, or group by less.');
  return EXIT.ok;
}

const cells = ({ calls, input, cacheRead, cacheWrite, output, cost, open, reserved }: UsageSum): string[] => [
  ...[calls, input + cacheWrite, cacheRead, output].map(String),
  `$${cost}`,
  open === 0 ? '' : `${open} ($${reserved})`,
];

async function calls(ctx: CliContext, run: string, { limit, json }: UsageArgs): Promise<number> {
  const { items } = await ctx.client.modelCalls({ run, limit });
  if (json) ctx.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) ctx.err('The run has called no models.');
  else
    for (const line of table(
      ['step', 'attempt', 'model', 'input', 'cached', 'output', 'cost', 'state'],
      items.map(row),
    ))
      ctx.out(line);
  return EXIT.ok;
}

const row = ({ step, attempt, provider, model, usage, cost, estimate, state }: ModelCall): string[] => [
  ...[step, String(attempt), printable(`${provider} ${model}`)],
  ...[usage.input + usage.cacheWrite, usage.cacheRead, usage.output].map(String),
  costOf({ state, usage, cost, estimate }),
  state,
];

function costOf({ state, usage, cost, estimate }: Pick<ModelCall, 'state' | 'usage' | 'cost' | 'estimate'>): string {
  const known = state === 'settled' ? cost : estimate;
  if (known === null) return 'unknown';
  return state === 'settled' && !usage.estimated ? `$${known}` : `up to $${known}`;
}

/** How the command is called. */
export const declareUsage: Declaration = ({ command, does, ctx }) =>
  command('usage', 'what calls to models used and cost')
    .option('--by <keys>', 'group by day, workflow, model or connection, or several separated by commas', 'day')
    .option('--from <day>', 'first day, such as 2026-11-01; default: 29 days before the last')
    .option('--to <day>', 'last day; default: today')
    .option('--workflow <name>', 'only calls of this workflow')
    .option('--model <model>', 'only calls to this model')
    .option('--connection <name>', 'only calls through this connection')
    .option('--run <run>', 'list the single calls of a run instead')
    .option('--limit <count>', 'with --run: at most this many', count(1, 500), 100)
    .action(does((options) => usage(ctx, options)));
