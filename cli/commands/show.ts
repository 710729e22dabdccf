import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { runJson, runLines } from '../print/run.ts';
import { hasEnded, type Run } from '../wire.ts';

export interface ShowArgs {
  readonly run: string;
  /** Path of a step, instead of the run. */
  readonly step?: string;
  readonly json: boolean;
}

/**
 * Shows a run: its steps as a tree, its waits, its error or output; or one step with its parameters, output and attempts.
 * The exit code is 0, however the run ended.
 */
export async function show(ctx: CliContext, args: ShowArgs): Promise<number> {
  if (args.step !== undefined) {
    ctx.out(JSON.stringify(await ctx.client.step(args.run, args.step), null, 2));
    return EXIT.ok;
  }
  const run = await ctx.client.run(args.run);
  if (args.json) ctx.out(JSON.stringify(runJson(run), null, 2));
  else printTree(ctx, run);
  return EXIT.ok;
}

function printTree(ctx: CliContext, run: Run): void {
  for (const line of runLines(run, ctx.now())) ctx.out(line);
  if (hasEnded(run) && run.status === 'succeeded') ctx.out(JSON.stringify(run.output ?? null, null, 2));
  if (run.temporalUrl) ctx.err(`In Temporal: ${run.temporalUrl}`);
}

/** How the command is called. */
export const declareShow: Declaration = ({ command, does, ctx }) =>
  command('show <run>', 'show a run and its steps')
    .option('--step <path>', 'show one step with its parameters, output and attempts')
    .action(does((id: string, options) => show(ctx, { run: id, ...options })));
