import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { RunRecord } from '../../workflows/contract.ts';

/** A run record with everything filled in. */
export const runRecord = (change: Partial<RunRecord> = {}): RunRecord => ({
  workspace: 'a',
  runId: 'r1',
  workflowId: `a/hello/call/${change.runId ?? 'r1'}`,
  temporalRunId: 't1',
  historyLength: 0,
  segment: 0,
  workflow: 'hello',
  version: 1,
  trigger: { id: null, uses: 'call', at: '2026-01-01T00:00:00.000Z', key: null },
  status: 'running',
  input: { name: 'Ada' },
  output: null,
  outputRef: null,
  error: null,
  startedAt: '2026-01-01T00:00:00.123Z',
  endedAt: null,
  steps: [],
  waits: [],
  ...change,
});

/** A step record. */
export const stepRecord = (change: Partial<StepRecord> = {}): StepRecord => ({
  path: 'a',
  node: 'a',
  type: 'kv.get',
  status: 'succeeded',
  port: 'out',
  input: { key: 'k' },
  output: 1,
  error: null,
  attempts: 1,
  startedAt: '2026-01-01T00:00:01.000Z',
  endedAt: '2026-01-01T00:00:02.000Z',
  ...change,
});
