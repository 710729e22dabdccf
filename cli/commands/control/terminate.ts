import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { printAsked } from '../../print/run.ts';

export interface TerminateArgs {
  readonly run: string;
  readonly reason?: string;
  readonly json: boolean;
}

/** Ends a run at once. Nothing is undone. */
export async function terminate(ctx: CliContext, args: TerminateArgs): Promise<number> {
  return printAsked(ctx, await ctx.client.terminate(args.run, args.reason), args.json, 'Terminating.');
}

/** How the command is called. */
export const declareTerminate: Declaration = ({ command, does, ctx }) =>
  command('terminate <run>', 'end a run at once; nothing is undone')
    .option('--reason <text>', 'why')
    .action(does((id: string, options) => terminate(ctx, { run: id, ...options })));
