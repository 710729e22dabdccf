import {
  getRun,
  getRunSummary,
  getRunValues,
  type RunSummary,
  type RunValues,
  type StoredRun,
} from '../../db/index.ts';
import type { RunStatus } from '../../graph/run-state/state/types.ts';
import type { RunView } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { type RunOutcome, RunsError } from '../runs-port.ts';
import { presentRun } from './present.ts';
import type { WireRun } from './schema.ts';

/** @throws ApiProblem `run.notFound` */
export async function summaryOf(ctx: Context, runId: string): Promise<RunSummary> {
  return (await ctx.tenant((tx) => getRunSummary(tx, { runId }))) ?? notFound(runId);
}

/** The run, if it is open. @throws ApiProblem `run.notFound`, `run.ended` */
export async function openRun(ctx: Context, runId: string): Promise<RunSummary> {
  const run = await summaryOf(ctx, runId);
  if (run.endedAt !== null) throw ended(runId);
  return run;
}

/** The problem of asking a run, or of sending it a message, when it has ended. */
export const ended = (id: string): ApiProblem =>
  new ApiProblem('run.ended', `The run ${id} has ended. GET /api/runs/${id} says how.`);

/** The run with what it got and returned. @throws ApiProblem `run.notFound` */
export async function runValues(ctx: Context, runId: string): Promise<RunValues> {
  return (await ctx.tenant((tx) => getRunValues(tx, { runId }))) ?? notFound(runId);
}

/** The run with as many steps as an answer shows. @throws ApiProblem `run.notFound` */
export async function storedRun(ctx: Context, runId: string): Promise<StoredRun> {
  return (await ctx.tenant((tx) => getRun(tx, { runId }))) ?? notFound(runId);
}

/**
 * A run as it is now: while it is open, what the run itself says; otherwise, or if no worker answers, what is stored.
 *
 * @throws ApiProblem `run.notFound`
 */
export async function currentRun(ctx: Context, runId: string, outcome?: RunOutcome | null): Promise<WireRun> {
  const stored = await storedRun(ctx, runId);
  const open = stored.endedAt === null && !outcome;
  const live = open ? await askQuietly(ctx, stored.workflowId) : null;
  if (live && isEnd(live.status)) return endedRun(ctx, runId, live);
  return presentRun(ctx, stored, live, outcome);
}

/** How long Temporal may take to say how a run ended whose closing write is missing. */
const END_SECONDS = 2;

/**
 * A run that ended while it was being asked, or whose closing write was lost. The stored row says most; without it,
 * Temporal knows the result. Until one of the two has the result, the run is shown as running.
 */
async function endedRun(ctx: Context, runId: string, live: RunView): Promise<WireRun> {
  const stored = await storedRun(ctx, runId);
  if (stored.endedAt !== null) return presentRun(ctx, stored);
  const outcome = await waitForEnd(ctx, { workflowId: stored.workflowId, seconds: END_SECONDS });
  return presentRun(ctx, stored, { ...live, status: 'running' }, outcome);
}

/** Waits for a run's end, at most `seconds`; null if the run is still open or Temporal cannot say. */
export async function waitForEnd(
  ctx: Context,
  input: { workflowId: string; seconds: number; signal?: AbortSignal | undefined },
): Promise<RunOutcome | null> {
  try {
    return await ctx.runs.result(input.workflowId, input.seconds * 1000, input.signal);
  } catch (error) {
    if (error instanceof RunsError) return null;
    throw error;
  }
}

/** How a run ended whose row is still open; null while the run is open in Temporal too, or if Temporal cannot say. */
export async function endOf(ctx: Context, workflowId: string): Promise<RunStatus | null> {
  try {
    const known = await ctx.runs.describe(workflowId);
    if (known?.open) return null;
    // Temporal has forgotten the run: its row will be closed as terminated.
    if (!known) return 'terminated';
    return (await waitForEnd(ctx, { workflowId, seconds: END_SECONDS }))?.status ?? null;
  } catch (error) {
    if (error instanceof RunsError) return null;
    throw error;
  }
}

/** Statuses a run never leaves. */
export const isEnd = (status: string): boolean =>
  ['succeeded', 'failed', 'cancelled', 'terminated', 'timed-out'].includes(status);

/** What an open run says about itself; null if it cannot be asked now. */
export async function askQuietly(ctx: Context, workflowId: string): Promise<RunView | null> {
  try {
    return await ctx.runs.ask(workflowId);
  } catch (error) {
    if (error instanceof RunsError) return null;
    throw error;
  }
}

function notFound(runId: string): never {
  throw new ApiProblem('run.notFound', `There is no run "${runId}" here.`);
}
