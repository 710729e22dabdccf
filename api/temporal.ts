import { setTimeout } from 'node:timers/promises';
import {
  Client,
  Connection,
  type ConnectionLike,
  isGrpcCancelledError,
  isGrpcDeadlineError,
  QueryRejectedError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import {
  ApplicationFailure,
  CancelledFailure,
  defineSearchAttributeKey,
  TerminatedFailure,
  TimeoutFailure,
  TypedSearchAttributes,
  WorkflowIdReusePolicy,
} from '@temporalio/common';
import type { Json } from '../graph/json.ts';
import {
  QUERY_ASK,
  type RunResult,
  type RunView,
  SIGNAL_EVENT,
  type StartInput,
  searchAttributesOf,
  TASK_QUEUE,
  UPDATE_APPROVE,
  UPDATE_PAUSE,
  UPDATE_RESUME,
  UPDATE_TELL,
  workflowType,
} from '../workflows/contract.ts';
import { type RunOutcome, type Runs, RunsError } from './runs-port.ts';

export interface TemporalOptions {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: boolean;
  /**
   * A connection shared with a worker of this process (a `NativeConnection`): its runs then start without a detour
   * over the server's queue. It stays open on `close`.
   */
  readonly shared?: ConnectionLike;
  /** Limit of one call in milliseconds; default 5,000. */
  readonly callTimeoutMs?: number;
}

/** A client's limits: a query needs a worker, an update one that is free. */
const QUERY_TIMEOUT_MS = 3_000;
const UPDATE_TIMEOUT_MS = 10_000;

const UNAVAILABLE: ReadonlySet<string> = new Set(['worker.unavailable', 'temporal.unavailable']);

/** Runs on a Temporal server. Connects at the first call and again whenever the server comes back. */
export function temporalRuns(options: TemporalOptions): Runs {
  const connection =
    options.shared ??
    Connection.lazy({
      address: options.address,
      connectTimeout: 5_000,
      ...(options.apiKey ? { apiKey: options.apiKey } : {}),
      ...(options.tls ? { tls: true } : {}),
    });
  const { workflow, workflowService } = new Client({ connection, namespace: options.namespace });
  const alive = (): Promise<boolean> =>
    connection
      .withDeadline(Date.now() + 1_000, () => workflowService.getSystemInfo({}))
      .then(() => true)
      .catch(() => false);
  const within = async <T>(ms: number, slow: RunsError['code'], fn: () => Promise<T>): Promise<T> => {
    try {
      return await connection.withDeadline(Date.now() + ms, fn);
    } catch (error) {
      const known = runsError(error, slow);
      // What needs a worker fails in the same ways without a worker and without a server: ask which it is.
      if (slow === 'worker.unavailable' && known instanceof RunsError && UNAVAILABLE.has(known.code)) {
        const code = (await alive()) ? 'worker.unavailable' : 'temporal.unavailable';
        throw new RunsError(code, known.message, { cause: error });
      }
      throw known;
    }
  };
  const call = <T>(fn: () => Promise<T>) => within(options.callTimeoutMs ?? 5_000, 'temporal.unavailable', fn);
  const update = (workflowId: string, name: string, args: [] | [unknown], updateId?: string): Promise<void> =>
    within(UPDATE_TIMEOUT_MS, 'worker.unavailable', () =>
      untilTaken(() =>
        workflow
          .getHandle(workflowId)
          .executeUpdate<void, [unknown]>(name, { args: args as [unknown], ...(updateId && { updateId }) }),
      ),
    ).catch((error: unknown) => {
      // A run that is known here but takes no update has closed.
      if (error instanceof RunsError && error.code === 'run.notFound')
        throw new RunsError('run.ended', error.message, { cause: error });
      throw error;
    });

  return {
    start: async ({ workflowId, input, label, bodyHash }) => {
      try {
        const handle = await call(() =>
          workflow.start(workflowType(input.workflow), {
            workflowId,
            taskQueue: TASK_QUEUE,
            args: [input],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            typedSearchAttributes: searchAttributes(input),
            memo: { bodyHash },
            // The server takes 400 bytes at most.
            staticSummary: label.slice(0, 100),
            requestEagerStart: options.shared !== undefined,
          }),
        );
        return { duplicate: false, temporalRunId: handle.firstExecutionRunId };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return { duplicate: true };
        throw error;
      }
    },

    describe: (workflowId) => orNull(call(() => workflow.getHandle(workflowId).describe()).then(descriptionOf)),

    ask: (workflowId) =>
      within(QUERY_TIMEOUT_MS, 'worker.unavailable', () => workflow.getHandle(workflowId).query<RunView>(QUERY_ASK)),

    result: async (workflowId, timeoutMs, signal) => {
      const end = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
      try {
        // The call's own deadline keeps the client from trying again after the time is up.
        const result = await connection.withDeadline(Date.now() + timeoutMs + 1_000, () =>
          connection.withAbortSignal(end, () => workflow.result<never>(workflowId)),
        );
        return result as RunResult;
      } catch (error) {
        if (error instanceof WorkflowFailedError) return outcomeOf(error);
        if (end.aborted || isGrpcDeadlineError(causeOf(error)) || isGrpcCancelledError(causeOf(error))) return null;
        throw runsError(error, 'temporal.unavailable');
      }
    },

    cancel: (workflowId, reason) =>
      ended(
        call(async () => {
          // The handle's own cancel takes no reason.
          await workflowService.requestCancelWorkflowExecution({
            namespace: options.namespace,
            workflowExecution: { workflowId },
            requestId: crypto.randomUUID(),
            ...(reason === undefined ? {} : { reason }),
          });
        }),
      ),

    event: (workflowId, event) => ended(call(() => workflow.getHandle(workflowId).signal(SIGNAL_EVENT, event))),
    tell: (workflowId, event) => update(workflowId, UPDATE_TELL, [event], event.id),
    approve: (workflowId, message, updateId) => update(workflowId, UPDATE_APPROVE, [message], updateId),
    pause: (workflowId) => update(workflowId, UPDATE_PAUSE, []),
    resume: (workflowId) => update(workflowId, UPDATE_RESUME, []),

    health: async () => {
      try {
        const queue = await connection.withDeadline(Date.now() + 2_000, () =>
          workflowService.describeTaskQueue({
            namespace: options.namespace,
            taskQueue: { name: TASK_QUEUE },
            taskQueueType: 1,
          }),
        );
        return { temporal: true, worker: (queue.pollers ?? []).length > 0 };
      } catch {
        return { temporal: false, worker: false };
      }
    },

    close: async () => {
      if (!options.shared) await connection.close();
    },
  };
}

function searchAttributes(input: StartInput): TypedSearchAttributes {
  const pairs = Object.entries(searchAttributesOf(input)).map(([name, [value]]) => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value: value!,
  }));
  return new TypedSearchAttributes(pairs);
}

function descriptionOf(info: WorkflowExecutionDescription) {
  const { bodyHash } = (info.memo ?? {}) as { bodyHash?: unknown };
  return {
    temporalRunId: info.runId,
    open: info.status.name === 'RUNNING' || info.status.name === 'PAUSED',
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? null,
    bodyHash: typeof bodyHash === 'string' ? bodyHash : null,
  };
}

/** How a run that did not succeed ended: what the interpreter said, or, if it had no say, what Temporal says. */
function outcomeOf({ cause, message }: WorkflowFailedError): RunOutcome {
  const said =
    cause instanceof ApplicationFailure || cause instanceof CancelledFailure
      ? (cause.details?.[0] as RunResult | undefined)
      : undefined;
  if (said?.status) return said;
  const end = (status: RunOutcome['status'], code: string, text: string): RunOutcome => ({
    status,
    output: null,
    error: { code, message: text, step: '', node: '', attempts: 0, unknown: true },
  });
  if (cause instanceof TerminatedFailure) return end('terminated', 'terminated', cause.message);
  if (cause instanceof TimeoutFailure) return end('timed-out', 'timeout', 'Temporal ended the run: it took too long.');
  if (cause instanceof CancelledFailure) return end('cancelled', 'cancelled', 'The run was cancelled.');
  const failure = cause instanceof ApplicationFailure ? cause : undefined;
  return end('failed', failure?.type ?? 'interpreter', failure?.message ?? message);
}

/** A status of gRPC. */
const FAILED_PRECONDITION = 9;

/**
 * Asks again while the server gives the update up because the task that carried it failed: as when a signal comes just
 * as the run goes on in a new execution. Nothing has happened then.
 */
async function untilTaken(update: () => Promise<void>): Promise<void> {
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

/** The error below the client's own wrapping. */
const causeOf = (error: unknown): unknown => (error instanceof ServiceError ? error.cause : error);

function runsError(error: unknown, slow: RunsError['code']): unknown {
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
  // The second is what the server says of an update accepted by a run that then closed.
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
async function ended(done: Promise<unknown>): Promise<boolean> {
  return (await orNull(done.then(() => true))) !== null;
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RunsError && error.code === 'run.notFound') return null;
    throw error;
  }
}
