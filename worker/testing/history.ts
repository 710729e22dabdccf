/** What a run left in Temporal's history, for tests. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { expect } from 'vitest';
import type { RunResult } from '../../workflows/contract.ts';
import { resultOf } from './graph-worker.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** One execution of a run. */
export interface Execution {
  readonly workflowId: string;
  readonly events: readonly Event[];
}

/** Every execution of a run, of the child workflows that it started, and of their child workflows. */
export async function executionsOf(client: Client, workflowId: string, firstRunId?: string): Promise<Execution[]> {
  const executions: Execution[] = [];
  let runId = firstRunId;
  for (;;) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    executions.push({ workflowId, events });
    for (const event of events) {
      const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
      if (child) executions.push(...(await executionsOf(client, child.workflowId!, child.runId!)));
    }
    const next = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    if (!next) return executions;
    runId = next;
  }
}

/** The largest payload of any event, in bytes, and where it is. */
export function largestPayload(executions: readonly Execution[]): { bytes: number; where: string } {
  let largest = { bytes: 0, where: '' };
  const walk = (value: unknown, where: string): void => {
    if (value === null || typeof value !== 'object') return;
    const { data, metadata } = value as { data?: unknown; metadata?: unknown };
    if (metadata && data instanceof Uint8Array) {
      if (data.byteLength > largest.bytes) largest = { bytes: data.byteLength, where };
      return;
    }
    if (value instanceof Uint8Array) return;
    for (const [key, entry] of Object.entries(value)) walk(entry, `${where}.${key}`);
  };
  for (const { workflowId, events } of executions) {
    for (const event of events) walk(event, `${workflowId} event ${event.eventId}`);
  }
  return largest;
}

/**
 * The server ends a task itself when too much has arrived in the meantime: 2 MB of results, or more events than
 * `history.maximumBufferedEventsBatch`. The next task takes them. `WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND`
 */
export const FORCE_CLOSE = 17;

/**
 * Something arrived just as the run ended or continued as new: the server lets the run look again.
 * `WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND`
 */
const LOOK_AGAIN = 1;

/**
 * A task that was never begun: the worker that caches the run was too busy for five seconds, so the task went to the
 * common queue. `TIMEOUT_TYPE_SCHEDULE_TO_START`
 */
const NOT_BEGUN = 2;

/** Workflow tasks that failed, or timed out after they began. A run that works has none. */
export function troubledTasks(executions: readonly Execution[]): string[] {
  return executions.flatMap(({ events }) =>
    events.flatMap(({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: late }) => [
      ...(failed && failed.cause !== FORCE_CLOSE && failed.cause !== LOOK_AGAIN
        ? [`failed: ${failed.cause} ${failed.failure?.message}`]
        : []),
      ...(late && late.timeoutType !== NOT_BEGUN ? [`timed out: ${late.timeoutType}`] : []),
    ]),
  );
}

/** Events of one kind, over all executions. */
export const eventsWith = <K extends keyof Event>(executions: readonly Execution[], kind: K): NonNullable<Event[K]>[] =>
  executions.flatMap(({ events }) => events.map((event) => event[kind])).filter((found) => found != null);

/** The limit of every payload of a history (interpreter README §1), in bytes. */
export const PAYLOAD_LIMIT = 512 * 1_024;

/** The result of a run, once its histories are known to be sound: no task had trouble, no payload is large. */
export async function soundResultOf(
  client: Client,
  handle: WorkflowHandle & { firstExecutionRunId?: string },
): Promise<RunResult> {
  const result = await resultOf(handle);
  const executions = await executionsOf(client, handle.workflowId, handle.firstExecutionRunId);
  expect(troubledTasks(executions)).toEqual([]);
  const { bytes, where } = largestPayload(executions);
  expect(bytes, where).toBeLessThanOrEqual(PAYLOAD_LIMIT);
  return result;
}
