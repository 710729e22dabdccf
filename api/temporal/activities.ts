import { randomUUID } from 'node:crypto';
import { RunsError, type StepActivities, type StepOptions } from '../runs-port.ts';
import { causeOf } from './errors.ts';
import { activitiesOf } from './pending.ts';
import { call, type TemporalServer } from './server.ts';

/** Statuses of gRPC. */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const UNIMPLEMENTED = 12;

/** How Temporal knows who asked. */
const IDENTITY = 'blok-api';

/** The running activities of runs, on a Temporal server. */
export function stepActivities(server: TemporalServer): StepActivities {
  const { namespace } = server.options;
  const to = (workflowId: string, id: string) => ({
    namespace,
    identity: IDENTITY,
    execution: { workflowId, runId: '' },
    id,
  });
  const service = () => server.client.workflowService;
  return {
    pending: (workflowId) =>
      call(server, () => server.client.workflow.getHandle(workflowId).describe()).then(activitiesOf),
    pause: (workflowId, id, reason) =>
      asked(server, () =>
        unlessPaused(service().pauseActivity({ ...to(workflowId, id), reason, requestId: randomUUID() })),
      ),
    unpause: (workflowId, id) =>
      asked(server, () =>
        service().unpauseActivity({ ...to(workflowId, id), resetAttempts: false, resetHeartbeat: false }),
      ),
    reset: (workflowId, id, { keepPaused, resetHeartbeat }) =>
      asked(server, () => service().resetActivity({ ...to(workflowId, id), keepPaused, resetHeartbeat })),
    change: (workflowId, id, options) =>
      asked(server, () => service().updateActivityOptions({ ...to(workflowId, id), ...optionsOf(options) })),
  };
}

async function asked(server: TemporalServer, request: () => Promise<unknown>): Promise<void> {
  await call(server, async () => {
    try {
      await request();
    } catch (error) {
      throw refusalOf(error);
    }
  });
}

/** What gRPC says of an error. */
const statusOf = (error: unknown) => (causeOf(error) ?? {}) as { readonly code?: unknown; readonly details?: string };

/** Newer servers refuse to pause what somebody else has just paused. It is paused, as it was asked. */
async function unlessPaused(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const { code, details } = statusOf(error);
    if (code !== FAILED_PRECONDITION || !details?.includes('already paused')) throw error;
  }
}

/** The server's refusal in the terms of the port. */
function refusalOf(error: unknown): unknown {
  const { code, details } = statusOf(error);
  if (code === NOT_FOUND)
    return new RunsError('step.notOpen', 'No activity of this step is running.', { cause: error });
  if (code === UNIMPLEMENTED)
    return new RunsError('temporal.unsupported', 'The Temporal server cannot do this to single activities.', {
      cause: error,
    });
  if (code === INVALID_ARGUMENT || code === FAILED_PRECONDITION)
    return new RunsError('update.refused', details ?? 'Temporal refused.', { cause: error });
  return error;
}

/** The options to change, and the mask that names them. */
function optionsOf(given: StepOptions) {
  if (given === 'original') return { restoreOriginal: true };
  const { timeoutMs, attemptTimeoutMs, maxAttempts, delayMs, maxDelayMs, factor } = given;
  const retryPolicy = {
    ...(maxAttempts === undefined ? {} : { maximumAttempts: maxAttempts }),
    ...(delayMs === undefined ? {} : { initialInterval: duration(delayMs) }),
    ...(maxDelayMs === undefined ? {} : { maximumInterval: duration(maxDelayMs) }),
    ...(factor === undefined ? {} : { backoffCoefficient: factor }),
  };
  const paths = [
    ...(timeoutMs === undefined ? [] : ['schedule_to_close_timeout']),
    ...(attemptTimeoutMs === undefined ? [] : ['start_to_close_timeout']),
    ...(maxAttempts === undefined ? [] : ['retry_policy.maximum_attempts']),
    ...(delayMs === undefined ? [] : ['retry_policy.initial_interval']),
    ...(maxDelayMs === undefined ? [] : ['retry_policy.maximum_interval']),
    ...(factor === undefined ? [] : ['retry_policy.backoff_coefficient']),
  ];
  return {
    activityOptions: {
      ...(timeoutMs === undefined ? {} : { scheduleToCloseTimeout: duration(timeoutMs) }),
      ...(attemptTimeoutMs === undefined ? {} : { startToCloseTimeout: duration(attemptTimeoutMs) }),
      retryPolicy,
    },
    updateMask: { paths },
  };
}

const duration = (ms: number): never => ({ seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1e6 }) as never;
