import type { RunView } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { currentRun, summaryOf, waitForEnd } from './load.ts';
import type { WireRun } from './schema.ts';

/** Answers with a run; with `waitSeconds`, once the run has ended or the time is up. */
export async function getRun(
  ctx: Context,
  input: { id: string; waitSeconds?: number; signal?: AbortSignal },
): Promise<WireRun> {
  if (!input.waitSeconds) return currentRun(ctx, input.id);
  const run = await summaryOf(ctx, input.id);
  const { waitSeconds: seconds, signal } = input;
  const outcome = run.endedAt === null ? await waitForEnd(ctx, { workflowId: run.workflowId, seconds, signal }) : null;
  return currentRun(ctx, input.id, outcome);
}

/** What an open run says about itself. @throws ApiProblem `run.ended` */
export async function askRun(ctx: Context, input: { id: string }): Promise<RunView> {
  const run = await summaryOf(ctx, input.id);
  if (run.endedAt !== null) throw ended(run.id);
  return ctx.runs.ask(run.workflowId);
}

/** The problem of asking a run, or of sending it a message, when it has ended. */
export const ended = (id: string): ApiProblem =>
  new ApiProblem('run.ended', `The run ${id} has ended. GET /api/runs/${id} says how.`);
