import { describe, expect, it } from 'vitest';
import { getRun, upsertRun } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import type { OpenedRun } from '../../workflows/activities.ts';
import { storeJson } from '../store/stored.ts';
import { openRun } from './open-run.ts';

const store = useDatabase();
const open = (runId: string, change: Partial<OpenedRun['start']> = {}) =>
  openRun(
    { database: store.database() },
    {
      workflowId: `a/called/call/${runId}`,
      temporalRunId: 'first',
      start: {
        interpreterVersion: 2,
        workspace: 'a',
        workflow: 'called',
        version: 3,
        runId,
        trigger: { id: null, uses: 'call', at: '2026-01-01T00:00:00.000Z', key: 'k', by: 'run:r1' },
        input: { n: 1 },
        vars: {},
        url: '',
        startedAt: '2026-01-01T00:00:00.000Z',
        ...change,
      },
    },
  );
const read = (runId: string) => store.inside((tx) => getRun(tx, { runId }));
const stored = (runId: string, value: unknown) => storeJson({ database: store.database() }, 'a', runId, value);

describe('openRun', () => {
  it('writes the row of a called run', async () => {
    await open('plain');
    expect(await read('plain')).toMatchObject({
      workflowId: 'a/called/call/plain',
      temporalRunId: 'first',
      workflow: 'called',
      version: 3,
      status: 'running',
      trigger: { key: 'k', by: 'run:r1' },
      input: { n: 1 },
      endedAt: null,
    });
  });

  it('loads what the start holds by reference', async () => {
    const body = 'x'.repeat(100_000);
    await open('laden', {
      input: { blob: await stored('laden', { body }) },
      inputByReference: true,
      trigger: { id: 'hook', uses: 'webhook', at: '2026-01-01T00:00:00.000Z', key: 'k', body: null },
      triggerByReference: { body: await stored('laden', body) },
    });
    expect(await read('laden')).toMatchObject({ input: { body }, trigger: { uses: 'webhook', body } });
  });

  it('keeps what the run itself has written, because that may come first', async () => {
    const endedAt = '2026-01-01T00:00:01.000Z';
    const closing = runRecord({
      runId: 'quick',
      historyLength: 9,
      status: 'succeeded',
      endedAt,
      output: 2,
      input: null,
    });
    await store.inside((tx) => upsertRun(tx, closing));
    await open('quick');
    expect(await read('quick')).toMatchObject({ status: 'succeeded', output: 2, endedAt, input: { n: 1 } });
  });
});
