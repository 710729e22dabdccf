import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../workflows/contract.ts';
import { runRecord, stepRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { upsertRun } from './record-run.ts';
import { runAsStored } from './run-as-stored.ts';
import { getRun } from './runs.ts';

const store = useDatabase();
const ended = { status: 'succeeded', endedAt: '2026-01-01T00:00:05.000Z', historyLength: 3 } as const;
const error = { code: 'x', message: 'm'.repeat(900), step: 'a', node: 'a', attempts: 1, unknown: false };

const CASES: Record<string, Partial<RunRecord>> = {
  'a run without steps': { output: { v: [1, null, 'ü \u0000'] }, outputRef: undefined },
  'a run that failed': { status: 'failed', error: { ...error, data: { why: 'no' } } as never, output: null },
  'a run whose output is stored elsewhere': { outputRef: { sha256: 'f'.repeat(64), size: 9 } },
  'fields that JSON leaves out': { output: { a: undefined, b: -0 } as never, input: null },
  'a trigger with a body': {
    trigger: { id: 'hook', uses: 'webhook', at: '2026-01-01T00:00:00.000Z', key: null, body: { n: 1 } } as never,
  },
  'steps in the order in which they ended': {
    steps: [
      stepRecord({ path: 'late', endedAt: '2026-01-01T00:00:04.000Z' }),
      stepRecord({
        path: 'never',
        status: 'skipped',
        startedAt: null,
        endedAt: null,
        port: undefined,
        input: undefined,
      }),
      stepRecord({ path: 'b', label: 'B \ud800' }),
      stepRecord({ path: 'a', output: undefined, outputRef: { sha256: 'e'.repeat(64), size: 1, preview: '1' } }),
      stepRecord({ path: 'b', attempts: 2, error: { ...error, message: 'again' } }),
      stepRecord({ path: 'begun', startedAt: '2026-01-01T00:00:03.000Z', endedAt: null }),
    ],
  },
};

describe('runAsStored', () => {
  it.each(Object.entries(CASES))('is what getRun reads: %s', async (name, change) => {
    const runId = name.replaceAll(' ', '-');
    const record = runRecord({ ...ended, runId, ...change });
    await store.inside((tx) => upsertRun(tx, record));
    expect(runAsStored(record)).toEqual(await store.inside((tx) => getRun(tx, { runId })));
  });
});
