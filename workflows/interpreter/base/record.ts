import { workflowInfo } from '@temporalio/workflow';
import { type Json, type RunStatus, seal } from '../../../graph/sandbox.ts';
import type { BlobRef, RunRecord, WaitRecord } from '../../contract.ts';
import type { Driver } from './driver.ts';

/** Whether there is an answer that a caller may wait for: only a webhook has such callers. */
export const isHeard = ({ run, input }: Driver): boolean =>
  run.state.response !== null && input.trigger.uses === 'webhook';

/** The run's row as of now. The closing row carries the steps that have ended since the last write. */
export function recordOf(
  driver: Driver,
  status: RunStatus,
  waits: readonly WaitRecord[],
  end?: { output: Json; outputRef?: BlobRef; endedAt: string },
): RunRecord {
  const { input, run } = driver;
  const info = workflowInfo();
  return {
    workspace: input.workspace,
    runId: input.runId,
    workflowId: driver.workflowId,
    temporalRunId: info.runId,
    historyLength: info.historyLength,
    segment: input.segment ?? 0,
    workflow: input.workflow,
    version: input.version,
    trigger: input.trigger,
    ...(input.triggerByReference ? { triggerInPart: true } : {}),
    status: run.state.paused && !end ? 'paused' : status,
    input: input.inputByReference ? null : (input.input as Json),
    output: end?.output ?? null,
    outputRef: end?.outputRef ?? null,
    error: run.state.error,
    startedAt: input.startedAt ?? new Date(info.startTime.getTime()).toISOString(),
    endedAt: end?.endedAt ?? null,
    steps: end ? run.state.ended : [],
    waits,
    ...(run.plan.concurrency || run.plan.rateLimit ? { slot: true } : {}),
    ...(end && isHeard(driver) ? { response: seal(run.state.response) } : {}),
    ...(input.depth ? { depth: input.depth } : {}),
    ...(input.replayedFrom === undefined ? {} : { replayedFrom: input.replayedFrom }),
  };
}
