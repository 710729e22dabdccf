import {
  Client,
  Connection,
  type ConnectionLike,
  isGrpcCancelledError,
  isGrpcDeadlineError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes, WorkflowIdReusePolicy } from '@temporalio/common';
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
} from '../../workflows/contract.ts';
import { type Runs, RunsError } from '../runs-port.ts';
import { causeOf, ended, orNull, runsError, untilTaken } from './errors.ts';
import { outcomeOf } from './outcome.ts';

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
