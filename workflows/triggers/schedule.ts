import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  type ChildWorkflowHandle,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import type { ScheduledRun, TriggerActivities } from '../activities.ts';
import { priorityOf, type ScheduleInput, type StartInput, searchAttributesOf } from '../contract.ts';

type Interpret = (input: StartInput) => Promise<unknown>;
type Ready = Extract<ScheduledRun, { outcome: 'ready' }>;

/** What is away for a while delays a firing but does not lose it. */
const { blokSchedule, blokScheduled } = proxyActivities<TriggerActivities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * One firing of a schedule: begins the run, and stays open as long as the run does, because Temporal's overlap policy
 * looks at this workflow. Whoever cancels this workflow cancels the run.
 */
export async function fireSchedule({ claim, cron, timezone, overlap }: ScheduleInput): Promise<void> {
  const root = CancellationScope.current();
  // Once the time has come, the run begins: only then is there something to cancel.
  await CancellationScope.nonCancellable(async () => {
    const run = await blokSchedule({ claim, cron, timezone, scheduledAt: nominalTime() });
    if (run.outcome !== 'ready') return;
    const handle = await begin(run, overlap);
    await blokScheduled({ claim, run: handle && openedRun(run, handle) });
    if (handle && overlap !== 'allowAll') await ended(root, handle);
  });
}

/** The time of the schedule that has come; with jitter, and after downtime, it is over by now. */
function nominalTime(): string {
  const [at] = (workflowInfo().searchAttributes.TemporalScheduledStartTime ?? []) as Date[];
  return (at ?? workflowInfo().startTime).toISOString();
}

/** @returns null if this time has started the run before */
async function begin(
  { workflowType, workflowId, start }: Ready,
  overlap: ScheduleInput['overlap'],
): Promise<ChildWorkflowHandle<Interpret> | null> {
  try {
    return await startChild<Interpret>(workflowType, {
      workflowId,
      args: [start],
      // Terminating this workflow is the only way in which Temporal can terminate the run.
      parentClosePolicy: overlap === 'terminateOther' ? ParentClosePolicy.TERMINATE : ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      searchAttributes: searchAttributesOf(start),
      priority: priorityOf(start),
    });
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw thrown;
  }
}

function openedRun({ workflowId, start: { plan: _plan, ...start } }: Ready, handle: ChildWorkflowHandle<Interpret>) {
  return { workflowId, temporalRunId: handle.firstExecutionRunId, start };
}

/** Waits for the end of the run, and cancels the run if this workflow is cancelled. */
async function ended(root: CancellationScope, handle: ChildWorkflowHandle<Interpret>): Promise<void> {
  // How the run ends is the run's own matter.
  const end = handle.result().then(ignore, ignore);
  const cancelled = root.cancelRequested.then(ignore, ignore);
  await Promise.race([end, cancelled]);
  if (root.consideredCancelled) await getExternalWorkflowHandle(handle.workflowId).cancel().catch(ignore);
  await end;
}

const ignore = (): void => {};
