import type { StepRecord } from '../../../graph/run-state/state/types.ts';
import type { RunRecord } from '../../../workflows/contract.ts';
import type { StoredRun } from './runs.ts';

/**
 * What `getRun` returns once `upsertRun` has written the one and only record of a run that has ended: whoever has the
 * record need not read the run back. A record that is written at once has fewer steps than an answer shows.
 */
export function runAsStored(record: RunRecord): StoredRun {
  const { runId, workflowId, temporalRunId, workflow, version, status, startedAt, endedAt } = record;
  const { trigger, error, input, output, outputRef } = asJson(record);
  return {
    ...{ id: runId, workflowId, temporalRunId, workflow, version, trigger, status, startedAt, endedAt },
    ...{ error, input, output, outputRef: outputRef ?? null },
    replayedFrom: record.replayedFrom ?? null,
    steps: stepsInOrder(asJson(record.steps)).map(stepAsStored),
    moreSteps: false,
    waits: [],
  };
}

/** As JSON text keeps it: without fields that are undefined. */
const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** By the time at which they ended, each path once. Steps that ended at the same time stay in order. */
function stepsInOrder(steps: readonly StepRecord[]): StepRecord[] {
  const last = [...new Map(steps.map((step) => [step.path, step])).values()];
  const time = ({ startedAt, endedAt }: StepRecord): number => Date.parse(endedAt ?? startedAt ?? '') || Infinity;
  return last.sort((a, b) => (time(a) === time(b) ? 0 : time(a) - time(b)));
}

const stepAsStored = ({ label, outputRef, ...step }: StepRecord): StepRecord => ({
  path: step.path,
  node: step.node,
  type: step.type,
  status: step.status,
  port: step.port ?? null,
  input: step.input ?? null,
  output: step.output ?? null,
  error: step.error ?? null,
  attempts: step.attempts,
  startedAt: step.startedAt ?? null,
  endedAt: step.endedAt ?? null,
  ...(label === undefined ? {} : { label }),
  ...(outputRef === undefined ? {} : { outputRef }),
});
