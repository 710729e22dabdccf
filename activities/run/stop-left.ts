import { setTimeout } from 'node:timers/promises';
import type { WorkflowExecutionStatusName } from '@temporalio/client';
import type { RunRecord } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** Pauses before each look, in milliseconds. Later than that, what is left of a run hears with its next heartbeat. */
const LOOKS_MS = [100, 200, 400, 800, 1_600, 3_200];

/** How a run ends by itself. One that was reset was terminated: its new execution goes on with steps of the same run. */
const BY_ITSELF: readonly WorkflowExecutionStatusName[] = ['COMPLETED', 'FAILED', 'CANCELLED'];

/**
 * Stops what is left of a run in this process once the run has ended. After its closing record the run may still go on:
 * the server refuses an end that has not seen the last event. So it is asked.
 *
 * @param looksMs pauses before each look: for tests
 */
export async function stopLeft(
  { temporal }: Pick<ActivityDeps, 'temporal'>,
  { workflowId, temporalRunId }: Pick<RunRecord, 'workflowId' | 'temporalRunId'>,
  stop: () => void,
  looksMs = LOOKS_MS,
): Promise<void> {
  for (const ms of looksMs) {
    await setTimeout(ms, undefined, { ref: false });
    const status = await temporal.workflow
      .getHandle(workflowId, temporalRunId)
      .describe()
      .then(({ status }) => status.name)
      .catch(() => 'UNKNOWN' as const);
    if (BY_ITSELF.includes(status)) return stop();
    if (status !== 'RUNNING' && status !== 'UNKNOWN') return;
  }
}
