/** What Temporal's client throws, in the terms of the runs port. */
import { setTimeout } from 'node:timers/promises';
import {
  isGrpcDeadlineError,
  QueryRejectedError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../../graph/json.ts';
import { RunsError } from '../runs-port.ts';

/** A status of gRPC. */
const FAILED_PRECONDITION = 9;

/**
 * Asks again while the server gives up the update because the workflow task that carried it failed, for example because
 * a signal arrived just as the run continued in a new execution. In that case nothing has happened yet.
 */
export async function untilTaken(update: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await update();
    } catch (error) {
      const { code, message } = (causeOf(error) ?? {}) as { code?: unknown; message?: string };
      if (code !== FAILED_PRECONDITION || !message?.includes('workflow task failure')) throw error;
      await setTimeout(100);
    }
  }
}

/** The error inside the client's own wrapper. */
export const causeOf = (error: unknown): unknown => (error instanceof ServiceError ? error.cause : error);

/** An error of the client as one of the port. @param slow what to say if no answer came in time */
export function runsError(error: unknown, slow: RunsError['code']): unknown {
  if (error instanceof RunsError || error instanceof WorkflowExecutionAlreadyStartedError) return error;
  if (error instanceof WorkflowNotFoundError)
    return new RunsError('run.notFound', 'Temporal knows no such open run.', { cause: error });
  if (error instanceof WorkflowUpdateFailedError) return refusal(error);
  if (error instanceof QueryRejectedError)
    return new RunsError('worker.unavailable', 'The run cannot be asked.', { cause: error });
  const cause = causeOf(error);
  const late = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(cause);
  if (late) return new RunsError(slow, 'No answer in time.', { cause: error });
  // Not gRPC at all: the lazy connection could not be made.
  return new RunsError('temporal.unavailable', 'Temporal does not answer.', { cause: error });
}

/** What the run's validator or handler threw. */
function refusal(error: WorkflowUpdateFailedError): RunsError {
  const failure = error.cause instanceof ApplicationFailure ? error.cause : undefined;
  const type = failure?.type ?? undefined;
  // The second type is the server's answer to an update that was accepted by a run that then closed.
  if (type === 'run.ended' || type === 'AcceptedUpdateCompletedWorkflow') {
    return new RunsError('run.ended', 'The run has ended.', { cause: error });
  }
  return new RunsError('update.refused', failure?.message ?? 'The run refused.', {
    ...(type === undefined ? {} : { type }),
    ...(failure?.details?.[0] === undefined ? {} : { details: failure.details[0] as Json }),
    cause: error,
  });
}

/** True when done, false if the run has ended. */
export async function ended(done: Promise<unknown>): Promise<boolean> {
  return (await orNull(done.then(() => true))) !== null;
}

/** Null instead of the error that says there is no such run. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RunsError && error.code === 'run.notFound') return null;
    throw error;
  }
}
