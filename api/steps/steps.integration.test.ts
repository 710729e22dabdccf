import { describe, expect, it } from 'vitest';
import { putBlob } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import { createApp } from '../app.ts';
import type { PendingStep } from '../runs-port.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

/** A run of a given graph, with a record of it. */
async function recorded(name: string, change: Partial<RunRecord>, live?: readonly StepRecord[]) {
  const { body } = await api.post('/api/runs', { graph: graphOf(name), input: { n: 1 } });
  const run = api.runs().last();
  const startedAt = new Date().toISOString();
  const facts = { runId: body.id, workflowId: run.start.workflowId, workflow: name, version: null, input: { n: 1 } };
  await api.record(runRecord({ ...facts, startedAt, historyLength: 9, ...change }));
  if (live) run.view = { runId: body.id, status: 'running', steps: live, waits: [] };
  return { id: body.id as string, at: `/api/runs/${body.id}`, run };
}

const item = (index: number, change: Partial<StepRecord> = {}) =>
  stepRecord({ path: `each[${index}].charge`, node: 'charge', ...change });
const ended = { status: 'succeeded', endedAt: '2026-01-01T00:00:05.000Z' } as const;

describe('GET /api/runs/:id/graph', () => {
  it('gives the graph that came with the request, and what became of each of its nodes', async () => {
    const steps = [item(0), item(1, { status: 'failed', port: 'error', attempts: 3 }), item(2)];
    const { at } = await recorded('given', { ...ended, steps });
    const { status, body } = await api.get(`${at}/graph`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ workflow: 'given', version: null, graph: { name: 'given', blok: 1 } });
    expect(body.places).toMatchObject([
      { place: 'each.charge', counts: { succeeded: 2, failed: 1 }, ports: { out: 2, error: 1 }, attempts: 5 },
    ]);
  });

  it('gives the version that a run executes, whatever was published or deleted since', async () => {
    await api.put('/api/workflows/versioned', graphOf('versioned', { description: 'first' }));
    const { body: run } = await api.post('/api/workflows/versioned/runs', { input: { n: 1 } });
    await api.put('/api/workflows/versioned', graphOf('versioned', { description: 'second' }));
    await api.send('DELETE', '/api/workflows/versioned');
    const { body } = await api.get(`/api/runs/${run.id}/graph`);
    expect(body).toMatchObject({ version: 1, graph: { description: 'first' } });
  });

  it('counts what an open run says itself, once', async () => {
    const live = [item(1, { status: 'running', endedAt: null }), item(2, { status: 'running', endedAt: null })];
    const { at } = await recorded('both', { steps: [item(0), item(1)] }, live);
    expect((await api.get(`${at}/graph`)).body.places).toMatchObject([{ counts: { succeeded: 1, running: 2 } }]);
  });
});

describe('GET /api/runs/:id/steps', () => {
  it('goes through stored and live steps once, a page at a time, and without their data', async () => {
    const live = [item(3, { status: 'running' }), item(41, { status: 'running' })];
    const { at } = await recorded('paged', { steps: Array.from({ length: 40 }, (_, n) => item(n)) }, live);
    const seen: { path: string; status: string }[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await api.get(`${at}/steps?limit=7${cursor}`);
      seen.push(...body.items);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(new Set(seen.map(({ path }) => path)).size).toBe(41);
    expect(seen).toHaveLength(41);
    expect(seen.find(({ path }) => path === 'each[3].charge')).toMatchObject({ status: 'running' });
    expect(seen[0]).not.toHaveProperty('input');
    const { body } = await api.get(`${at}/steps?under=each[4]&status=succeeded`);
    expect(body).toMatchObject({ items: [{ path: 'each[4].charge' }], next: null });
    expect((await api.get(`${at}/steps?cursor=nonsense`)).status).toBe(400);
  });
});

describe('GET /api/runs/:id/steps/:step/items', () => {
  it('counts the steps of each item, in the order of their numbers', async () => {
    const live = [item(11, { status: 'running' })];
    const { at } = await recorded('items', { steps: Array.from({ length: 11 }, (_, n) => item(n)) }, live);
    const first = (await api.get(`${at}/steps/each/items?limit=10`)).body;
    expect(first.items.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const second = (await api.get(`${at}/steps/each/items?limit=10&cursor=${first.next}`)).body;
    expect(second).toMatchObject({
      items: [
        { path: 'each[10]', counts: { succeeded: 1 } },
        { path: 'each[11]', counts: { running: 1 } },
      ],
      next: null,
    });
  });
});

describe('GET /api/runs/:id/steps/:step', () => {
  it('shows an ended step with its parameters, its key, and the run that it calls', async () => {
    const call = stepRecord({ path: 'call', type: 'workflow.run', input: { workflow: 'other' } });
    const { at, run } = await recorded('detail', { ...ended, steps: [call] });
    const { body } = await api.get(`${at}/steps/call`);
    expect(body).toMatchObject({
      path: 'call',
      input: { workflow: 'other' },
      idempotencyKey: `${run.start.workflowId}/call`,
      called: { id: expect.stringMatching(/^r[0-9a-z]{25}$/) },
      pending: null,
    });
    expect(await api.get(`${at}/steps/none`)).toMatchObject({ status: 404, body: { code: 'step.notFound' } });
  });

  it('shows the attempts of a step that is being done', async () => {
    const { at, run } = await recorded('pending', {}, [item(0, { status: 'running' })]);
    const pending: PendingStep = {
      ...{ state: 'scheduled', attempt: 3, maxAttempts: 5, worker: 'w1', heartbeat: { done: 7 } },
      lastError: { code: 'http.503', message: 'busy' },
      ...{ scheduledAt: null, startedAt: null, heartbeatAt: null, nextAttemptAt: '2026-01-01T00:00:09.000Z' },
    };
    run.activities = [{ ...pending, id: 'each[0].charge#2', paused: false }];
    expect((await api.get(`${at}/steps/${encodeURIComponent('each[0].charge')}`)).body.pending).toEqual(pending);
    api.runs().down = true;
    expect((await api.get(`${at}/steps/${encodeURIComponent('each[0].charge')}`)).status).toBe(404);
    api.runs().down = false;
  });
});

describe('GET /api/runs/:id/steps/:step/value', () => {
  it('reads a part of a value that the run holds by reference, and says where the next begins', async () => {
    const large = { rows: Array.from({ length: 250 }, (_, n) => ({ n })), text: 'abcdef', 'a/b': null };
    const outputRef = await api.store.inside((tx) => putBlob(tx, { bytes: Buffer.from(JSON.stringify(large)) }));
    const { at } = await recorded('values', { ...ended, steps: [stepRecord({ output: undefined, outputRef })] });
    const part = async (query: string) => (await api.get(`${at}/steps/a/value?${query}`)).body;
    expect(await part('pointer=/rows&offset=248')).toEqual({
      ...{ type: 'list', length: 250, offset: 248, next: null, value: [{ n: 248 }, { n: 249 }] },
    });
    expect(await part('pointer=/rows&limit=2')).toMatchObject({ value: [{ n: 0 }, { n: 1 }], next: 2 });
    expect(await part('pointer=/text&offset=1&limit=3')).toMatchObject({ type: 'text', value: 'bcd', next: 4 });
    expect(await part('pointer=/a~1b')).toMatchObject({ type: 'other', value: null });
    expect(await part('limit=1')).toMatchObject({ type: 'map', length: 3, next: 1 });
    expect(await part('of=input&pointer=/key')).toMatchObject({ value: 'k' });
    expect(await api.get(`${at}/steps/a/value?pointer=/rows/250`)).toMatchObject({
      status: 404,
      body: { code: 'value.notFound', detail: expect.stringContaining('/rows/250') },
    });
    expect((await api.get(`${at}/steps/a/value?pointer=rows`)).status).toBe(400);
    expect(await api.get(`${at}/value?of=input&pointer=/n`)).toMatchObject({ status: 200, body: { value: 1 } });
  });
});

describe('a principal who may not read data', () => {
  it('sees what a run does, and none of its data', async () => {
    const secret = { secret: 'CANARY' };
    const error = { code: 'x', message: 'm', step: 'a', node: 'a', attempts: 1, unknown: false, details: secret };
    const steps = [stepRecord({ input: secret, output: secret, error })];
    const { at } = await recorded('hidden', {
      ...{ status: 'failed', endedAt: '2026-01-01T00:00:05.000Z', input: secret, output: secret, error, steps },
      trigger: { id: null, uses: 'webhook', at: '2026-01-01T00:00:00.000Z', key: null, body: secret } as never,
    });
    const viewer = createApp({ ...api.ctx(), principalOf: () => ({ id: 'ada', role: 'viewer' }) });
    const get = async (path: string) => {
      const answer = await viewer.request(path);
      return { status: answer.status, text: await answer.text() };
    };
    const run = await get(at);
    expect(run.status).toBe(200);
    expect(JSON.parse(run.text)).toMatchObject({ isWithoutData: true, steps: [{ path: 'a', status: 'succeeded' }] });
    for (const path of [at, `${at}/steps`, `${at}/graph`, `${at}/steps/each/items`, '/api/runs'])
      expect((await get(path)).text).not.toContain('CANARY');
    for (const path of [`${at}/steps/a`, `${at}/steps/a/value`, `${at}/value`, `${at}/steps/a/output`])
      expect((await get(path)).status).toBe(403);
    expect((await api.get(at)).body.output).toEqual(secret);
  });
});
