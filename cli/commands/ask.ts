import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { RUN_MARKS } from '../print/run.ts';
import { treeLines } from '../print/tree.ts';
import { allWaitLines } from '../print/waits.ts';

export interface AskArgs {
  readonly run: string;
  readonly json: boolean;
}

/** Asks a run itself what it is doing right now. */
export async function ask(ctx: CliContext, args: AskArgs): Promise<number> {
  const view = await ctx.client.ask(args.run);
  if (args.json) {
    ctx.out(JSON.stringify(view, null, 2));
    return EXIT.ok;
  }
  ctx.out(`${RUN_MARKS[view.status]} ${view.runId} ${view.status}`);
  for (const line of treeLines(view.steps, ctx.now())) ctx.out(`  ${line}`);
  for (const line of allWaitLines(view.runId, view.waits, ctx.now())) ctx.out(line);
  return EXIT.ok;
}

/** How the command is called. */
export const declareAsk: Declaration = ({ command, does, ctx }) =>
  command('ask <run>', 'ask a run what it is doing now').action(
    does((id: string, options) => ask(ctx, { run: id, ...options })),
  );
