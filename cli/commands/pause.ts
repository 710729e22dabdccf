import type { CliContext } from '../context.ts';
import { printAsked } from '../print/run.ts';

export interface PauseArgs {
  readonly run: string;
  readonly json: boolean;
}

/** Keeps a run from starting further steps; those under way finish. */
export async function pause(ctx: CliContext, args: PauseArgs): Promise<number> {
  return printAsked(ctx, await ctx.client.pause(args.run), args.json, `Go on with: npx blok resume ${args.run}`);
}
