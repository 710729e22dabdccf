import type { RunSummary } from '../../db/index.ts';
import { MAX_CHAINS } from '../../graph/limits.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { type RunActivity, RunsError } from '../runs-port.ts';

/** An activity of a step, and the workflow that has begun it: the run's, or that of a chain of a long loop. */
export interface FoundActivity extends RunActivity {
  readonly workflowId: string;
}

/** The running activity of a step; undefined if there is none. */
export async function findActivity(
  ctx: Context,
  { workflowId: own }: Pick<RunSummary, 'workflowId'>,
  step: string,
): Promise<FoundActivity | undefined> {
  for (const workflowId of [own, ...chainsOf(own, step)]) {
    const found = (await pendingOf(ctx, workflowId)).find(({ id }) => id === step || id.startsWith(`${step}#`));
    if (found) return { ...found, workflowId };
  }
  return undefined;
}

/** @throws ApiProblem `step.notOpen` */
export async function requireActivity(
  ctx: Context,
  run: Pick<RunSummary, 'workflowId'>,
  step: string,
): Promise<FoundActivity> {
  const found = await findActivity(ctx, run, step);
  if (found) return found;
  throw new ApiProblem(
    'step.notOpen',
    `No activity of "${step}" is running. A step that waits for its next attempt for long waits in its run: retry it first.`,
  );
}

/**
 * Lets an activity go on that was paused. If it is not there any more, nothing keeps it: it went on by a request beside
 * this one, or by this one, which the client sent again because the answer was lost, or it has ended meanwhile.
 */
export async function letGoOn(ctx: Context, { workflowId, id }: FoundActivity): Promise<void> {
  try {
    await ctx.runs.activities.unpause(workflowId, id);
  } catch (error) {
    if (!(error instanceof RunsError && error.code === 'step.notOpen')) throw error;
  }
}

async function pendingOf(ctx: Context, workflowId: string): Promise<readonly RunActivity[]> {
  try {
    return await ctx.runs.activities.pending(workflowId);
  } catch (error) {
    if (error instanceof RunsError && error.code === 'run.notFound') return [];
    throw error;
  }
}

/** Workflow ids of the chains that may run a step, by the loops around it. */
export function chainsOf(workflowId: string, step: string): string[] {
  const loops = [...step.matchAll(/\[\d+\]/g)].map(({ index }) => step.slice(0, index));
  return loops.flatMap((loop) => Array.from({ length: MAX_CHAINS }, (_, k) => `${workflowId}/${loop}~${k}`));
}
