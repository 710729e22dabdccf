import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { printAsked } from '../print/run.ts';

export interface CancelArgs {
  readonly run: string;
  readonly reason?: string;
  readonly json: boolean;
}

/** Asks a run to end: what was done is undone, `finally` bodies run. A run that has ended stays as it is. */
export async function cancel(ctx: CliContext, args: CancelArgs): Promise<number> {
  return printAsked(ctx, await ctx.client.cancel(args.run, args.reason), args.json, 'Cancelling.');
}

/** How the command is called. */
export const declareCancel: Declaration = ({ command, does, ctx }) =>
  command('cancel <run>', 'end a run; what it did is undone')
    .option('--reason <text>', 'why')
    .action(does((id: string, options) => cancel(ctx, { run: id, ...options })));
