import { expect, it } from 'vitest';
import { putBlob } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

it('GET /api/runs/:id/steps/:step/output gives an output whole, wherever it is kept', async () => {
  const { body: run } = await api.post('/api/runs', { graph: graphOf('outputs'), input: { n: 1 } });
  const outputRef = await api.store.inside((tx) => putBlob(tx, { bytes: Buffer.from('{"large":[1,2]}') }));
  await api.record(
    runRecord({
      runId: run.id,
      workflowId: api.runs().last().start.workflowId,
      startedAt: new Date().toISOString(),
      historyLength: 9,
      steps: [
        stepRecord({ path: 'each[0].large', output: undefined, outputRef }),
        stepRecord({ path: 'small', output: 7 }),
      ],
    }),
  );
  const output = (step: string) => api.get(`/api/runs/${run.id}/steps/${encodeURIComponent(step)}/output`);
  expect(await output('each[0].large')).toMatchObject({ status: 200, body: { large: [1, 2] } });
  expect(await output('small')).toMatchObject({ status: 200, body: 7 });
  expect(await output('gone')).toMatchObject({ status: 404, body: { code: 'step.noOutput' } });
  expect((await api.get('/api/runs/rnobody/steps/a/output')).body.code).toBe('run.notFound');
});
