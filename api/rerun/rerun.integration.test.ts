import { expect, it } from 'vitest';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

const GRAPH = graphOf('repeated', {
  nodes: {
    first: { uses: 'kv.set', with: { key: 'a', value: 1 } },
    last: { uses: 'kv.set', needs: ['first'], with: { key: 'b', value: '${{ nodes.first.value }}' } },
  },
  output: '${{ nodes.last }}',
});

/** A run of a published workflow that has ended. */
async function ended(change: object = {}, trigger: object = {}) {
  await api.put('/api/workflows/repeated', { graph: GRAPH });
  const { body } = await api.post('/api/workflows/repeated/runs', { input: { n: 1 } });
  const { workflowId, input } = api.runs().last().start;
  const steps = [
    stepRecord({ path: 'first', node: 'first', type: 'kv.set', output: { value: 1 } }),
    stepRecord({
      path: 'last',
      node: 'last',
      type: 'kv.set',
      status: 'failed',
      error: { code: 'x' } as never,
      port: null,
    }),
  ];
  const end = { status: 'failed', endedAt: '2026-01-01T00:00:09.000Z', input: { n: 1 } } as const;
  const about = { runId: body.id, workflowId, workflow: 'repeated', version: 1, historyLength: 9 };
  await api.record(runRecord({ ...about, ...end, steps, trigger: { ...input.trigger, ...trigger }, ...change }));
  return body.id as string;
}
const rerun = (id: string, body: object = {}, key?: string) =>
  api.post(`/api/runs/${id}/rerun`, body, key === undefined ? {} : { 'idempotency-key': key });

it('starts a new run with the trigger, the input and the outputs of the first one', async () => {
  const id = await ended({}, { key: 'order-1', by: 'ann' });
  const { status, body } = await rerun(id, { from: 'last' });
  expect(status).toBe(202);
  expect(body).toMatchObject({ takenOver: ['first'], again: [], notes: [], run: { replayedFrom: id, version: 1 } });
  const { input } = api.runs().last().start;
  expect(input).toMatchObject({ replayedFrom: id, input: { n: 1 }, trigger: { key: 'order-1', by: 'ann' } });
  expect(input.taken).toMatchObject({ value: { steps: { first: { status: 'succeeded', output: { value: 1 } } } } });
  expect(body.run.id).not.toBe(id);
  expect((await api.get(`/api/runs/${body.run.id}`)).body.replayedFrom).toBe(id);
});

it('is one run for each key', async () => {
  const id = await ended();
  const [one, other] = await Promise.all([rerun(id, { from: 'last' }, 'k'), rerun(id, { from: 'last' }, 'k')]);
  expect(one.body.run.id).toBe(other.body.run.id);
  expect((await rerun(id, { from: 'last' }, 'k')).body.run.id).toBe(one.body.run.id);
  expect((await rerun(id, {}, 'k')).body.code).toBe('idempotency.mismatch');
  expect((await rerun(id, { from: 'last' })).body.run.id).not.toBe(one.body.run.id);
});

it('says what it would do, and starts nothing', async () => {
  const id = await ended({ input: { token: '[secret]' } });
  const before = api.runs().all.size;
  const { status, body } = await rerun(id, { from: 'first', dryRun: true });
  expect([status, body.run, body.takenOver]).toEqual([200, null, []]);
  expect(body.notes).toEqual([expect.stringContaining('[secret]')]);
  expect(api.runs().all.size).toBe(before);
});

it('stores what is too large for the start, and says what is not kept any more', async () => {
  const large = { value: 'x'.repeat(50_000) };
  const step = stepRecord({ path: 'first', node: 'first', type: 'kv.set', output: large });
  const { body } = await rerun(await ended({ steps: [step] }), { from: 'last' });
  expect(api.runs().last().start.input.taken).toHaveProperty('blob.sha256');
  expect(body.takenOver).toEqual(['first']);
  const outputRef = { sha256: 'f'.repeat(64), size: 1 };
  const gone = await ended({ steps: [{ ...stepRecord({ path: 'first', node: 'first', type: 'kv.set' }), outputRef }] });
  expect(await rerun(gone, { from: 'last' })).toMatchObject({
    status: 409,
    body: { code: 'run.notKept', detail: expect.stringContaining('first') },
  });
  const given = await rerun(gone, { from: 'last', outputs: { first: { value: 2 } } });
  expect(given.status).toBe(202);
});

it('runs on another version, or by a graph that comes along', async () => {
  const id = await ended();
  const other = { ...GRAPH, nodes: { ...GRAPH.nodes, first: { uses: 'kv.get', with: { key: 'a' } } } };
  await api.put('/api/workflows/repeated', { graph: other });
  const { body } = await rerun(id, { from: 'last', version: 2 });
  expect(body).toMatchObject({ takenOver: [], again: [{ step: 'first', why: 'changed' }], run: { version: 2 } });
  const given = await rerun(id, { from: 'last', graph: GRAPH });
  expect(given.body).toMatchObject({ takenOver: ['first'], run: { version: null } });
  expect((await rerun(id, { version: 99 })).body.code).toBe('workflow.notFound');
});

it('repeats a run whose graph came with its request by the graph that is kept, and believes Temporal only what is signed', async () => {
  const graph = { ...GRAPH, input: { type: 'object', properties: { n: { type: 'number' } } }, vars: { v: 1 } };
  const { body } = await api.post('/api/runs', { graph, input: { n: 1 }, vars: { v: 2 } });
  const first = api.runs().last();
  const again = await rerun(body.id);
  expect(again.status).toBe(202);
  expect(api.runs().last().start.input).toMatchObject({ vars: { v: 2 }, plan: first.start.input.plan });
  expect((await rerun(body.id, { input: { n: 'no number' } })).body.code).toBe('input.invalid');
  const { input } = first.start;
  const forge = (change: object) => Object.assign(first, { start: { ...first.start, input: { ...input, ...change } } });
  for (const change of [{ vars: { v: 3 } }, { proof: undefined }]) {
    forge(change);
    expect((await rerun(body.id)).body).toMatchObject({
      code: 'run.notKept',
      detail: expect.stringContaining('signed'),
    });
  }
  forge({ plan: {} });
  expect((await rerun(body.id)).body.code).toBe('run.notKept');
});

it('refuses what makes no sense', async () => {
  const id = await ended();
  const { body } = await api.post('/api/workflows/repeated/runs', {});
  expect((await rerun(body.id, { from: 'last' })).body.code).toBe('run.open');
  for (const [given, code] of [
    [{ from: 'nowhere' }, 'step.unknown'],
    [{ outputs: { nowhere: 1 } }, 'step.unknown'],
    [{ version: 1, graph: GRAPH }, 'request.invalid'],
    [{ vars: { a: 1 } }, 'request.invalid'],
  ] as const)
    expect((await rerun(id, given)).body.code).toBe(code);
});

it('compares two runs', async () => {
  const [left, right] = [await ended(), await ended({ steps: [] })];
  const { body } = await api.get(`/api/runs/${left}/compare?with=${right}`);
  expect(body).toMatchObject({ outputDiffers: false, same: 0, left: { id: left }, right: { id: right } });
  expect(body.steps.map(({ change }: { change: string }) => change)).toEqual(['only-left', 'only-left']);
  expect((await api.get(`/api/runs/${left}/compare?with=${left}`)).body).toMatchObject({ same: 2, steps: [] });
});

it('compares all steps of long runs, in whatever order they ended, and lists the first ones', async () => {
  const items = Array.from({ length: 10_500 }, (_, n) => stepRecord({ path: `each[${n}].a`, node: 'a' }));
  const [left, right] = [await ended({ steps: items }), await ended({ steps: [...items].reverse() })];
  const path = `/api/runs/${left}/compare?with=${right}`;
  expect((await api.get(path)).body).toMatchObject({ same: 10_500, different: 0, steps: [], more: false });
  const { body } = await api.get(`${path}&all=true`);
  expect([body.steps.length, body.more]).toEqual([10_000, true]);
}, 60_000);

it('repeats a run after a loop with more steps than are looked at, and not from within the loop', async () => {
  const graph = graphOf('long-loop', {
    output: 1,
    nodes: {
      each: {
        uses: 'forEach',
        with: { items: '${{ Array.from({ length: 41000 }) }}' },
        nodes: { put: { uses: 'kv.set', with: { key: 'a', value: 1 } } },
      },
      last: { uses: 'kv.set', needs: ['each'], with: { key: 'b', value: 1 } },
    },
  });
  await api.put('/api/workflows/long-loop', { graph });
  const { body } = await api.post('/api/workflows/long-loop/runs', {});
  const { workflowId } = api.runs().last().start;
  const items = Array.from({ length: 41_000 }, (_, n) =>
    stepRecord({ path: `each[${n}].put`, node: 'put', type: 'kv.set', output: {} }),
  );
  const steps = [...items, stepRecord({ path: 'each', node: 'each', type: 'forEach', output: { count: 41_000 } })];
  const about = { runId: body.id, workflowId, workflow: 'long-loop', version: 1, historyLength: 9 };
  const end = { status: 'failed', endedAt: '2026-01-01T00:00:09.000Z' } as const;
  await api.record(runRecord({ ...about, ...end, steps }));
  expect((await rerun(body.id, { from: 'last', dryRun: true })).body).toMatchObject({ takenOver: ['each'], again: [] });
  expect((await rerun(body.id, { from: 'each[3].put', dryRun: true })).body.code).toBe('run.notKept');
}, 60_000);

it('repeats nothing of an archived workflow, alone or with others', async () => {
  const id = await ended();
  await api.send('PATCH', '/api/workflows/repeated', { archived: true });
  expect((await rerun(id)).body.code).toBe('workflow.archived');
  expect((await rerun(id, { version: 1, dryRun: true })).body.code).toBe('workflow.archived');
  const many = { action: 'rerun', filter: { workflow: 'repeated', status: 'failed' } };
  const { count } = (await api.post('/api/runs/bulk', many)).body;
  const { body } = await api.post('/api/runs/bulk', { ...many, expected: count });
  expect(body).toMatchObject({ done: 0 });
  expect(new Set(body.failed.map(({ code }: { code: string }) => code))).toEqual(new Set(['workflow.archived']));
  await api.send('PATCH', '/api/workflows/repeated', { archived: false });
  expect((await rerun(id)).status).toBe(202);
});

it('refuses an output that nobody would read', async () => {
  const graph = graphOf('looped', {
    output: 1,
    nodes: {
      each: { uses: 'forEach', with: { items: [1] }, nodes: { put: { uses: 'kv.set', with: { key: 'a', value: 1 } } } },
      last: { uses: 'kv.set', needs: ['each'], with: { key: 'b', value: 1 } },
    },
  });
  await api.put('/api/workflows/looped', { graph });
  const steps = ['each[0].put', 'each', 'last'].map((path) =>
    stepRecord({ path, node: path.split('.').at(-1)!, type: path === 'each' ? 'forEach' : 'kv.set' }),
  );
  const { body } = await api.post('/api/workflows/looped/runs', {});
  const { workflowId } = api.runs().last().start;
  const about = { runId: body.id, workflowId, workflow: 'looped', version: 1, historyLength: 9 };
  await api.record(runRecord({ ...about, status: 'succeeded', endedAt: '2026-01-01T00:00:09.000Z', steps }));
  const refused = await rerun(body.id, { from: 'last', outputs: { 'each[0].put': 1 } });
  expect(refused.body).toMatchObject({
    code: 'outputs.unused',
    detail: expect.stringContaining('"each" is taken over'),
  });
  expect((await rerun(body.id, { from: 'last', outputs: { each: { results: [] } } })).status).toBe(202);
});
