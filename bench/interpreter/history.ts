import type { Client } from '@temporalio/client';

/** What one run wrote to its history, over all its executions. */
export interface HistoryCounts {
  readonly executions: number;
  readonly events: number;
  readonly workflowTasks: number;
  /** Milliseconds between the ends of successive steps, in order. */
  readonly stepTimes: readonly number[];
}

/** Counts a run's events; follows continue-as-new. */
export async function countHistory(client: Client, workflowId: string, firstRunId: string): Promise<HistoryCounts> {
  let runId: string | undefined = firstRunId;
  let executions = 0;
  let events = 0;
  let workflowTasks = 0;
  const ends: number[] = [];
  while (runId) {
    executions++;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    let next: string | undefined;
    for (const event of history.events ?? []) {
      events++;
      if (event.workflowTaskScheduledEventAttributes) workflowTasks++;
      if (event.activityTaskCompletedEventAttributes) ends.push(millis(event.eventTime));
      next ??= event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
    }
    runId = next;
  }
  return { executions, events, workflowTasks, stepTimes: ends.slice(1).map((end, i) => end - ends[i]!) };
}

function millis(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
}
