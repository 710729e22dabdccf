import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { ended } from './get.ts';
import { currentRun, storedRun, summaryOf } from './load.ts';
import { presentRun } from './present.ts';

/** Asks a run to cancel: 202. A run that has ended stays as it is: 200. */
export async function cancelRun(ctx: Context, input: { id: string; reason?: string }): Promise<Reply> {
  const run = await summaryOf(ctx, input.id);
  const asked = run.endedAt === null && (await ctx.runs.cancel(run.workflowId, input.reason));
  return { status: asked ? 202 : 200, body: await presentRun(ctx, await storedRun(ctx, input.id)) };
}

/** Starts no further steps until `resumeRun`. @throws ApiProblem `run.ended` */
export async function pauseRun(ctx: Context, input: { id: string }): Promise<Reply> {
  return control(ctx, input.id, ctx.runs.pause);
}

/** @throws ApiProblem `run.ended` */
export async function resumeRun(ctx: Context, input: { id: string }): Promise<Reply> {
  return control(ctx, input.id, ctx.runs.resume);
}

async function control(ctx: Context, id: string, act: (workflowId: string) => Promise<void>): Promise<Reply> {
  const run = await summaryOf(ctx, id);
  if (run.endedAt !== null) throw ended(id);
  await act(run.workflowId);
  return { status: 202, body: await currentRun(ctx, id) };
}
