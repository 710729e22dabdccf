import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { printAsked } from '../print/run.ts';

export interface ResumeArgs {
  readonly run: string;
  readonly json: boolean;
}

/** Resumes a paused run. */
export async function resume(ctx: CliContext, args: ResumeArgs): Promise<number> {
  return printAsked(ctx, await ctx.client.resume(args.run), args.json, 'Going on.');
}

/** How the command is called. */
export const declareResume: Declaration = ({ command, does, ctx }) =>
  command('resume <run>', 'go on after a pause').action(
    does((id: string, options) => resume(ctx, { run: id, ...options })),
  );
