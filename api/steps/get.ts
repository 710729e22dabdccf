import { getStep as getStored, runIdOf, workflowIdOf } from '../../db/index.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { findActivity } from '../controls/find-activity.ts';
import { ApiProblem } from '../http/problem.ts';
import { type PendingStep, RunsError } from '../runs-port.ts';
import { type LiveRun, liveRun } from './live.ts';
import type { WireStep } from './schema.ts';

/**
 * One step of a run with its resolved parameters, what it has returned, and, while it is being done, what its attempts
 * have come to.
 *
 * @throws ApiProblem `run.notFound`, `step.notFound`
 */
export async function getStep(ctx: Context, { id, step: path }: { id: string; step: string }): Promise<WireStep> {
  const { run, step } = await stepOf(ctx, { id, step: path });
  const idempotencyKey = `${run.workflowId}/${path}`;
  const isOpen = run.endedAt === null && (step.status === 'running' || step.status === 'waiting');
  const called = calledRun(ctx, step, idempotencyKey);
  return {
    ...(step as WireStep),
    idempotencyKey,
    called: called === null ? null : { id: called, url: `${ctx.publicUrl}/api/runs/${called}` },
    pending: isOpen ? await pendingOf(ctx, run, path) : null,
  };
}

/** A step as the run or the database has it. @throws ApiProblem `run.notFound`, `step.notFound` */
export async function stepOf(
  ctx: Context,
  { id, step: path }: { id: string; step: string },
): Promise<Pick<LiveRun, 'run'> & { step: StepRecord }> {
  const { run, steps } = await liveRun(ctx, id);
  const step = steps.find((one) => one.path === path) ?? (await ctx.tenant((tx) => getStored(tx, { runId: id, path })));
  if (step) return { run, step };
  throw new ApiProblem('step.notFound', `The run has no step ${path}. GET /api/runs/${id}/steps lists its steps.`);
}

/** What Temporal knows of a step that is being done; null if it does not know, or cannot say. */
async function pendingOf(ctx: Context, run: LiveRun['run'], path: string): Promise<PendingStep | null> {
  try {
    const found = await findActivity(ctx, run, path);
    if (!found) return null;
    const { id: _id, workflowId: _workflowId, paused: _paused, ...pending } = found;
    return pending;
  } catch (error) {
    if (error instanceof RunsError) return null;
    throw error;
  }
}

/** The id of a called run follows from the key of the step that calls it. */
function calledRun({ workspace }: Context, { type, input, status }: StepRecord, key: string): string | null {
  const workflow = (input as { workflow?: unknown } | null | undefined)?.workflow;
  if (type !== 'workflow.run' || typeof workflow !== 'string' || status === 'skipped') return null;
  return runIdOf(workflowIdOf({ workspace, workflow, trigger: null, key }));
}
