import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { currentRun, storedRun, summaryOf } from '../runs/load.ts';
import { presentRun } from '../runs/present.ts';
import { type Asking, recordedWhileOpen, unlessEnded } from './record.ts';

/** Asks a run to cancel: 202. A run that has ended stays as it is: 200. */
export async function cancelRun(ctx: Context, asking: Asking): Promise<Reply> {
  const run = await summaryOf(ctx, asking.id);
  let asked = run.endedAt === null;
  await unlessEnded(
    recordedWhileOpen(ctx, run, { ...asking, action: 'cancel' }, async () => {
      asked = await ctx.runs.cancel(run.workflowId, asking.reason);
    }),
  );
  return { status: asked ? 202 : 200, body: await presentRun(ctx, await storedRun(ctx, asking.id)) };
}

/** Starts no further steps until `resumeRun`. @throws ApiProblem `run.ended` */
export async function pauseRun(ctx: Context, asking: Asking): Promise<Reply> {
  return control(ctx, { ...asking, action: 'pause' }, ctx.runs.pause);
}

/** @throws ApiProblem `run.ended` */
export async function resumeRun(ctx: Context, asking: Asking): Promise<Reply> {
  return control(ctx, { ...asking, action: 'resume' }, ctx.runs.resume);
}

async function control(
  ctx: Context,
  asking: Asking & { action: string },
  act: (workflowId: string) => Promise<void>,
): Promise<Reply> {
  const run = await summaryOf(ctx, asking.id);
  await recordedWhileOpen(ctx, run, asking, () => act(run.workflowId));
  return { status: 202, body: await currentRun(ctx, asking.id) };
}
