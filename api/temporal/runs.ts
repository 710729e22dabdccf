import {
  isGrpcDeadlineError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
} from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes, WorkflowIdReusePolicy } from '@temporalio/common';
import { awaitEnd } from '../../temporal-client/await-end.ts';
import {
  priorityOf,
  QUERY_ASK,
  type RunResult,
  type RunView,
  SIGNAL_EVENT,
  SIGNAL_SLOT,
  type StartInput,
  searchAttributesOf,
  TASK_QUEUE,
  UPDATE_APPROVE,
  UPDATE_OPERATE,
  UPDATE_PAUSE,
  UPDATE_RESUME,
  UPDATE_TELL,
  workflowType,
} from '../../workflows/contract.ts';
import type { Runs } from '../runs-port.ts';
import { stepActivities } from './activities.ts';
import { ended, orNull, runsError } from './errors.ts';
import { executions } from './executions.ts';
import { outcomeOf } from './outcome.ts';
import { queueStates, serverVersion } from './queues.ts';
import { temporalSchedules } from './schedules.ts';
import {
  call,
  PATIENT_QUERY_TIMEOUT_MS,
  QUERY_TIMEOUT_MS,
  type TemporalOptions,
  type TemporalServer,
  temporalServer,
  update,
  within,
} from './server.ts';
import { watches } from './watches.ts';

/** How long Temporal may take to say how a workflow ended that has ended. */
const RESULT_TIMEOUT_MS = 5_000;

/** Runs on a Temporal server. Connects at the first call, and again whenever the server comes back. */
export function temporalRuns(options: TemporalOptions): Runs {
  const server = temporalServer(options);
  const handle = (workflowId: string) => server.client.workflow.getHandle(workflowId);
  return {
    start: (request) => start(server, request),
    describe: (workflowId) => orNull(call(server, () => handle(workflowId).describe()).then(descriptionOf)),
    ask: (workflowId, { patiently = false } = {}) =>
      within(server, patiently ? PATIENT_QUERY_TIMEOUT_MS : QUERY_TIMEOUT_MS, 'worker.unavailable', () =>
        handle(workflowId).query<RunView>(QUERY_ASK),
      ),
    result: (workflowId, timeoutMs, signal) => resultOf(server, workflowId, { timeoutMs, signal }),
    cancel: (workflowId, reason) => ended(call(server, () => cancel(server, workflowId, reason))),
    event: (workflowId, event) => ended(call(server, () => handle(workflowId).signal(SIGNAL_EVENT, event))),
    tell: (workflowId, event, updateId = event.id) =>
      update(server, workflowId, { name: UPDATE_TELL, args: [event], updateId }),
    approve: (workflowId, message, updateId) =>
      update(server, workflowId, { name: UPDATE_APPROVE, args: [message], updateId }),
    askAgain: (workflowId) => ended(call(server, () => handle(workflowId).signal(SIGNAL_SLOT))),
    operate: (workflowId, message) =>
      update(server, workflowId, { name: UPDATE_OPERATE, args: [message], updateId: `operate-${message.id}` }),
    ...executions(server),
    activities: stepActivities(server),
    pause: (workflowId) => update(server, workflowId, { name: UPDATE_PAUSE, args: [] }),
    resume: (workflowId) => update(server, workflowId, { name: UPDATE_RESUME, args: [] }),
    ...watches(server),
    schedules: temporalSchedules(server),
    health: () => health(server),
    version: () => serverVersion(server),
    queues: () => queueStates(server),
    close: async () => {
      if (!options.shared) await server.connection.close();
    },
  };
}

async function start(
  server: TemporalServer,
  { workflowId, input, label, bodyHash }: Parameters<Runs['start']>[0],
): ReturnType<Runs['start']> {
  try {
    const handle = await call(server, () =>
      server.client.workflow.start(workflowType(input.workflow), {
        workflowId,
        taskQueue: server.options.taskQueue ?? TASK_QUEUE,
        args: [input],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        typedSearchAttributes: searchAttributes(input),
        memo: { bodyHash },
        priority: priorityOf(input),
        // The server takes 400 bytes at most.
        staticSummary: label.slice(0, 100),
        requestEagerStart: server.options.shared !== undefined,
      }),
    );
    return { duplicate: false, temporalRunId: handle.firstExecutionRunId };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { duplicate: true };
    throw error;
  }
}

async function resultOf(
  { connection, client }: TemporalServer,
  workflowId: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): ReturnType<Runs['result']> {
  try {
    if (!(await awaitEnd(client, workflowId, { withinMs: timeoutMs, ...(signal && { signal }) }))) return null;
    const ask = () => client.workflow.result<never>(workflowId);
    return (await connection.withDeadline(Date.now() + RESULT_TIMEOUT_MS, ask)) as RunResult;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return outcomeOf(error);
    if (isGrpcDeadlineError(error)) return null;
    throw runsError(error, 'temporal.unavailable');
  }
}

/** Needed because the handle's own `cancel` takes no reason. */
async function cancel({ client, options }: TemporalServer, workflowId: string, reason?: string): Promise<void> {
  await client.workflowService.requestCancelWorkflowExecution({
    namespace: options.namespace,
    workflowExecution: { workflowId },
    requestId: crypto.randomUUID(),
    ...(reason === undefined ? {} : { reason }),
  });
}

async function health({ connection, client, options }: TemporalServer): ReturnType<Runs['health']> {
  try {
    const queue = await connection.withDeadline(Date.now() + 2_000, () =>
      client.workflowService.describeTaskQueue({
        namespace: options.namespace,
        taskQueue: { name: TASK_QUEUE },
        taskQueueType: 1,
      }),
    );
    return { temporal: true, worker: (queue.pollers ?? []).length > 0 };
  } catch {
    return { temporal: false, worker: false };
  }
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
