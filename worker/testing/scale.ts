/**
 * What a long run left in Temporal's history, read one execution at a time, because all of them would not fit in
 * memory.
 */
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { largestPayload, troubledTasks } from './history.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/**
 * Number of events from which the server suggests continue-as-new: its default for
 * `limit.historyCount.suggestContinueAsNew`.
 */
export const SUGGESTED_FROM = 4_096;

/**
 * Most events that one thing in flight may still write: two of its own, and three of the workflow task that takes it.
 */
const EVENTS_IN_FLIGHT = 5;

/**
 * Most events that continuing as new, or ending, takes by itself: the record and the snapshot, each a marker or, if the
 * database was slow, an activity with its workflow task; the end of the last task; the last event.
 */
const EVENTS_OF_THE_END = 20;

/** How an execution kept to the point at which the server suggested continue-as-new. */
export interface Beyond {
  /** Position of the workflow task that received the suggestion, or null if none did. */
  readonly point: number | null;
  /** How much was in flight once that task was done. */
  readonly inFlight: number;
  /** Effects that this task itself started. */
  readonly startedAtPoint: number;
  /** Effects and child workflows started after that task. */
  readonly startedAfter: number;
  /** Events after the point, and how many are allowed. */
  readonly over: number;
  readonly allowed: number;
}

/**
 * Checks an execution against the rule "no history passes the continue-as-new point by more than a step".
 *
 * The *point* is the start of the first completed workflow task whose `suggestContinueAsNew` is true. A *step* is what
 * is in flight when that task has completed: every activity, timer and child workflow that has been requested and has
 * not come back yet. Each of these may write the two events it still lacks (started, ended) and one workflow task of
 * three events. Continuing as new takes a fixed number in addition. Nothing that the graph asks for may start after
 * that task, and within the task only what one completion makes ready.
 */
export function beyondThePoint(events: readonly Event[]): Beyond {
  const completed = new Map<string, number>();
  for (const [index, { workflowTaskCompletedEventAttributes: task }] of events.entries())
    if (task) completed.set(String(task.startedEventId), index);
  const at = events.findIndex(
    ({ workflowTaskStartedEventAttributes: task, eventId }) =>
      task?.suggestContinueAsNew === true && completed.has(String(eventId)),
  );
  if (at < 0) {
    const over = Math.max(0, events.length - SUGGESTED_FROM);
    return { point: null, inFlight: 0, startedAtPoint: 0, startedAfter: 0, over, allowed: EVENTS_OF_THE_END };
  }
  const told = completed.get(String(events[at]!.eventId))!;
  const task = String(events[told]!.eventId);
  let startedAtPoint = 0;
  let startedAfter = 0;
  const open = new Set<string>();
  for (const [index, event] of events.entries()) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const before = index <= told || String(commandTaskOf(event)) === task;
    if (before) follow(open, event);
    if (!scheduled && !event.startChildWorkflowExecutionInitiatedEventAttributes) continue;
    if (scheduled?.activityType?.name?.startsWith('blok')) continue;
    if (!before) startedAfter++;
    else if (index > told) startedAtPoint++;
  }
  return {
    point: Number(events[at]!.eventId),
    inFlight: open.size,
    startedAtPoint,
    startedAfter,
    over: events.length - at - 1,
    allowed: EVENTS_IN_FLIGHT * open.size + EVENTS_OF_THE_END,
  };
}

/** The workflow task whose command led to an event. */
const commandTaskOf = (event: Event): unknown =>
  event.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId ??
  event.timerStartedEventAttributes?.workflowTaskCompletedEventId ??
  event.timerCanceledEventAttributes?.workflowTaskCompletedEventId ??
  event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowTaskCompletedEventId;

/** Notes what an event puts in flight, or what it completes. */
function follow(open: Set<string>, event: Event): void {
  const opens =
    event.activityTaskScheduledEventAttributes ??
    event.timerStartedEventAttributes ??
    event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (opens) open.add(String(event.eventId));
  const activity =
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  const timer = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
  const child =
    event.childWorkflowExecutionCompletedEventAttributes ??
    event.childWorkflowExecutionFailedEventAttributes ??
    event.childWorkflowExecutionCanceledEventAttributes ??
    event.startChildWorkflowExecutionFailedEventAttributes;
  const closes = activity?.scheduledEventId ?? timer?.startedEventId ?? child?.initiatedEventId;
  if (closes != null) open.delete(String(closes));
}

/** Figures of a run over all its executions, including those of the child workflows that it started. */
export interface Measured {
  executions: number;
  events: number;
  /** Events of the longest history. */
  longest: number;
  /** Executions that ended by continue-as-new. */
  continued: number;
  /** Most events after the point, in any execution. */
  mostOver: number;
  largest: { bytes: number; where: string };
  /** Workflow tasks that failed or timed out. */
  troubled: string[];
  /** Executions that went too far beyond the point. */
  beyond: string[];
}

/** An empty sheet for `measure`. */
export const nothingMeasured = (): Measured => ({
  executions: 0,
  events: 0,
  longest: 0,
  continued: 0,
  mostOver: 0,
  largest: { bytes: 0, where: '' },
  troubled: [],
  beyond: [],
});

/** Reads the histories of a run, from its first execution on, and adds them to the figures. */
export async function measure(client: Client, workflowId: string, into = nothingMeasured()): Promise<Measured> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  let runId = raw.workflowExecutionInfo?.firstRunId ?? undefined;
  do {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    add(into, workflowId, events ?? []);
    for (const event of events ?? []) {
      const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
      if (child) await measure(client, child.workflowId!, into);
    }
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  } while (runId);
  return into;
}

function add(into: Measured, workflowId: string, events: readonly Event[]): void {
  into.executions++;
  into.events += events.length;
  into.longest = Math.max(into.longest, events.length);
  if (events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes) into.continued++;
  const largest = largestPayload([{ workflowId, events }]);
  if (largest.bytes > into.largest.bytes) into.largest = largest;
  into.troubled.push(...troubledTasks([{ workflowId, events }]).map((trouble) => `${workflowId}: ${trouble}`));
  const found = beyondThePoint(events);
  into.mostOver = Math.max(into.mostOver, found.over);
  if (found.over > found.allowed || found.startedAfter > 0 || found.startedAtPoint > 1)
    into.beyond.push(`${workflowId}: ${JSON.stringify({ events: events.length, ...found })}`);
}
