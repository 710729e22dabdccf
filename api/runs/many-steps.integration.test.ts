/** Runs with more steps than an answer shows: there are no bounds to what a run may do in a month. */
import { expect, it } from 'vitest';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

/** A run that has ended, with as many steps. */
async function withSteps(runId: string, count: number, output: string): Promise<string> {
  const workflowId = `a/long/call/${runId}`;
  const steps = Array.from({ length: count }, (_, n) => stepRecord({ path: `each[${n}].a`, output }));
  const end = { status: 'succeeded', endedAt: '2026-01-01T00:00:09.000Z' } as const;
  await api.record(runRecord({ runId, workflowId, workflow: 'long', ...end, steps }));
  return runId;
}

it('shows the first ten thousand steps of a run, and says that there are more', async () => {
  const { body } = await api.get(`/api/runs/${await withSteps('rmany', 10_050, '')}`);
  expect([body.steps.length, body.moreSteps]).toEqual([10_000, true]);
  const few = await api.get(`/api/runs/${await withSteps('rfew', 20, '')}`);
  expect(few.body.steps).toHaveLength(20);
  expect(few.body).not.toHaveProperty('moreSteps');
});

it('shows eight megabytes of their data', async () => {
  const id = await withSteps('rlarge', 400, 'x'.repeat(30_000));
  for (const { status, body } of [await api.get(`/api/runs/${id}`), await api.post(`/api/runs/${id}/cancel`, {})]) {
    expect([status, body.moreSteps]).toEqual([200, true]);
    expect(body.steps.length).toBeGreaterThan(200);
    expect(JSON.stringify(body).length).toBeLessThan(8_200_000);
  }
  const page = await api.get(`/api/runs/${id}/steps?limit=200`);
  expect(page.body.items).toHaveLength(200);
});
