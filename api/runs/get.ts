import { labelsOf } from '../../db/index.ts';
import type { RunView } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { currentRun, openRun, summaryOf, waitForEnd } from './load.ts';
import type { WireRun } from './schema.ts';

/** Answers with a run; with `waitSeconds`, once the run has ended or the time is up. */
export async function getRun(
  ctx: Context,
  input: { id: string; waitSeconds?: number; signal?: AbortSignal },
): Promise<WireRun> {
  if (!input.waitSeconds) return labelled(ctx, await currentRun(ctx, input.id));
  const run = await summaryOf(ctx, input.id);
  const { waitSeconds: seconds, signal } = input;
  const outcome = run.endedAt === null ? await waitForEnd(ctx, { workflowId: run.workflowId, seconds, signal }) : null;
  return labelled(ctx, await currentRun(ctx, input.id, outcome));
}

/** A run with the labels that somebody has given to it, if there are any. */
async function labelled(ctx: Context, run: WireRun): Promise<WireRun> {
  const labels = await ctx.tenant((tx) => labelsOf(tx, { runId: run.id }));
  return labels.length === 0 ? run : { ...run, labels };
}

/** What an open run says about itself. @throws ApiProblem `run.ended` */
export async function askRun(ctx: Context, input: { id: string }): Promise<RunView> {
  return ctx.runs.ask((await openRun(ctx, input.id)).workflowId);
}
