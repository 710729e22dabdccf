import { CancelledFailure, type Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { NodeError } from '../../integrations/error.ts';
import { RUN_ENDED } from '../base/run-ends.ts';

/** Where to ask whether a step goes on. */
interface Asked {
  readonly temporal: Client;
  readonly info: Pick<Info, 'workflowExecution' | 'activityId'>;
}

/**
 * Whether the end of an attempt is the end of its step: somebody cancelled the step, its whole time is up, or its run has ended. A
 * worker that stops, an attempt that took too long and a step that is reset are followed by another attempt.
 */
export async function isOver(
  asked: Asked,
  { aborted, reason }: Pick<AbortSignal, 'aborted' | 'reason'>,
): Promise<boolean> {
  if (!aborted) return false;
  if (reason === RUN_ENDED) return true;
  if (reason instanceof NodeError) return reason.code === 'timeout' && !reason.retryable;
  if (!(reason instanceof CancelledFailure)) return false;
  // Temporal does not know the attempt any more: it took too long, or the run has gone on or ended without it.
  return reason.message === 'CANCELLED' || (reason.message === 'NOT_FOUND' && !(await isPending(asked)));
}

/** Whether Temporal will try the step again. If nobody can say, it may. */
async function isPending({ temporal, info: { workflowExecution, activityId } }: Asked): Promise<boolean> {
  if (!workflowExecution) return true;
  const { workflowId, runId } = workflowExecution;
  try {
    const { status, raw } = await temporal.workflow.getHandle(workflowId, runId).describe();
    return status.name === 'RUNNING' && (raw.pendingActivities ?? []).some((one) => one.activityId === activityId);
  } catch {
    return true;
  }
}
