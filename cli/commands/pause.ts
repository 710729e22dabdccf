import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { printAsked } from '../print/run.ts';

export interface PauseArgs {
  readonly run: string;
  readonly json: boolean;
}

/** Keeps a run from starting further steps; running steps finish. */
export async function pause(ctx: CliContext, args: PauseArgs): Promise<number> {
  return printAsked(ctx, await ctx.client.pause(args.run), args.json, `Go on with: npx blok resume ${args.run}`);
}

/** How the command is called. */
export const declarePause: Declaration = ({ command, does, ctx }) =>
  command('pause <run>', 'start no further steps').action(
    does((id: string, options) => pause(ctx, { run: id, ...options })),
  );
