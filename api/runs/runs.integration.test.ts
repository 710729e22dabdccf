import { describe, expect, it } from 'vitest';
import { putBlob, runIdOf } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

/** Starts a run and gives its id and workflow id. */
const start = async (name: string) => {
  const { status, body } = await api.post('/api/runs', { graph: graphOf(name), input: { n: 1 } });
  expect(status).toBe(202);
  return { id: body.id as string, workflowId: api.runs().last().start.workflowId };
};
const record = (run: { id: string; workflowId: string }, change: Partial<RunRecord>) =>
  api.record(
    runRecord({
      runId: run.id,
      workflowId: run.workflowId,
      startedAt: new Date().toISOString(),
      historyLength: 9,
      ...change,
    }),
  );
const over = { status: 'succeeded', endedAt: '2026-01-01T00:00:05.000Z', output: 'done' } as const;

describe('GET /api/runs/:id', () => {
  it('shows what an open run says about itself, with the steps of earlier segments', async () => {
    const run = await start('live');
    await record(run, { steps: [stepRecord({ path: 'old' }), stepRecord({ path: 'again', output: 1 })] });
    api.runs().last().view = {
      runId: run.id,
      status: 'waiting',
      steps: [stepRecord({ path: 'again', output: 2 })],
      waits: [{ step: 'w', kind: 'timer', since: '2026-01-01T00:00:00.000Z' }],
    };
    const { body } = await api.get(`/api/runs/${run.id}`);
    expect(body.status).toBe('waiting');
    expect(body.steps.map((s: { path: string; output: unknown }) => [s.path, s.output])).toEqual([
      ['old', 1],
      ['again', 2],
    ]);
    expect(body.waits).toMatchObject([{ step: 'w' }]);
    expect((await api.get(`/api/runs/${run.id}/ask`)).body).toMatchObject({ runId: run.id, status: 'waiting' });
  });

  it('says how a run ended whose closing write is missing, or that it is about to end', async () => {
    const run = await start('unclosed');
    api.runs().last().view = {
      runId: run.id,
      status: 'succeeded',
      steps: [stepRecord({ path: 'a', output: 2 })],
      waits: [],
    };
    const before = await api.get(`/api/runs/${run.id}`);
    expect(before.body).toMatchObject({ status: 'running', endedAt: null });
    api.runs().last().outcome = { status: 'succeeded', output: { paid: true } };
    const { body } = await api.get(`/api/runs/${run.id}`);
    expect(body).toMatchObject({ status: 'succeeded', output: { paid: true }, steps: [{ path: 'a', output: 2 }] });
    expect(body.endedAt).not.toBeNull();
  });

  it('falls back to what was written when no worker answers', async () => {
    const run = await start('quiet');
    await record(run, {
      status: 'waiting',
      waits: [{ step: 'w', kind: 'event', event: 'e', key: null, since: '2026-01-01T00:00:00.000Z', until: null }],
    });
    expect((await api.get(`/api/runs/${run.id}`)).body).toMatchObject({ status: 'waiting', waits: [{ event: 'e' }] });
    expect(await api.get(`/api/runs/${run.id}/ask`)).toMatchObject({
      status: 503,
      body: { code: 'worker.unavailable' },
    });
  });

  it('shows an ended run from Postgres, its stored output put back', async () => {
    const run = await start('done');
    const ref = await api.store.inside((tx) => putBlob(tx, { bytes: Buffer.from('{"large":true}') }));
    await record(run, { ...over, output: null, outputRef: ref, steps: [stepRecord()] });
    expect((await api.get(`/api/runs/${run.id}`)).body).toMatchObject({
      status: 'succeeded',
      output: { large: true },
      steps: [{ path: 'a' }],
      endedAt: over.endedAt,
    });
    expect(await api.get(`/api/runs/${run.id}/ask`)).toMatchObject({ status: 409, body: { code: 'run.ended' } });
  });

  it('is 404 for an unknown run, another workspace’s run, and 400 for an invalid id', async () => {
    const run = await start('mine');
    const foreign = await api.appOf('b').request(`/api/runs/${run.id}`);
    expect(foreign.status).toBe(404);
    expect(await api.get(`/api/runs/${runIdOf('nothing')}`)).toMatchObject({
      status: 404,
      body: { code: 'run.notFound' },
    });
    expect((await api.get('/api/runs/%00')).status).toBe(400);
  });
});

describe('GET /api/runs', () => {
  it('pages through runs, newest first, without payloads', async () => {
    const runs = [];
    for (let i = 0; i < 5; i++) {
      const run = await start('page');
      await record(run, { workflow: 'page', startedAt: `2027-01-01T00:00:0${i}.000Z`, ...(i % 2 ? over : {}) });
      runs.unshift(run.id);
    }
    const first = (await api.get('/api/runs?workflow=page&limit=2')).body;
    expect(first.items.map((r: { id: string }) => r.id)).toEqual(runs.slice(0, 2));
    expect(Object.keys(first.items[0]).sort()).toEqual([
      'endedAt',
      'error',
      'id',
      'replayedFrom',
      'startedAt',
      'status',
      'temporalUrl',
      'trigger',
      'url',
      'version',
      'workflow',
    ]);
    const second = (await api.get(`/api/runs?workflow=page&limit=2&cursor=${first.next}`)).body;
    const third = (await api.get(`/api/runs?workflow=page&limit=2&cursor=${second.next}`)).body;
    expect([...second.items, ...third.items].map((r) => r.id)).toEqual(runs.slice(2));
    expect(third.next).toBeNull();
    expect((await api.get('/api/runs?workflow=page&status=succeeded')).body.items).toHaveLength(2);
  });

  it('refuses invalid queries', async () => {
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'status=done',
      'cursor=zz',
      'cursor=MjAyNiByMQ',
      'colour=red',
      'limit=1&limit=2',
      'workflow=A%00',
    ]) {
      expect(await api.get(`/api/runs?${query}`), query).toMatchObject({
        status: 400,
        body: { code: 'request.invalid' },
      });
    }
  });
});

describe('control', () => {
  it('cancels an open run, and leaves an ended one', async () => {
    const run = await start('cancel');
    expect(await api.post(`/api/runs/${run.id}/cancel`, { reason: 'wrong order' })).toMatchObject({
      status: 202,
      body: { id: run.id },
    });
    expect(api.runs().last().cancels).toEqual(['wrong order']);
    await record(run, { ...over, status: 'cancelled' });
    expect(await api.post(`/api/runs/${run.id}/cancel`)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(api.runs().last().cancels).toHaveLength(1);
  });

  it('pauses and resumes, also without a body', async () => {
    const run = await start('pause');
    expect(await api.send('POST', `/api/runs/${run.id}/pause`)).toMatchObject({
      status: 202,
      body: { status: 'paused' },
    });
    expect(await api.post(`/api/runs/${run.id}/resume`)).toMatchObject({ status: 202, body: { status: 'running' } });
    await record(run, over);
    expect(await api.post(`/api/runs/${run.id}/pause`)).toMatchObject({ status: 409, body: { code: 'run.ended' } });
  });

  it('tells one run an event, whatever its key', async () => {
    const run = await start('tell');
    const answer = await api.post(`/api/runs/${run.id}/tell`, { name: 'paid', data: { n: 1 }, id: 'e1' });
    expect(answer).toMatchObject({ status: 202, body: { id: 'e1' } });
    expect(api.runs().last().told).toMatchObject([{ id: 'e1', name: 'paid', key: null, data: { n: 1 } }]);
    const keyed = await api.post(`/api/runs/${run.id}/tell`, { name: 'paid' }, { 'idempotency-key': 'once' });
    expect(keyed.body).toEqual({ id: 'once' });
    const again = (data: unknown) => api.post(`/api/runs/${run.id}/tell`, { name: 'paid', data, id: 'e1' });
    expect(await again({ n: 1 })).toMatchObject({ status: 202, body: { id: 'e1' } });
    expect(await again({ n: 2 })).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
    expect(api.runs().last().told).toHaveLength(2);
    api.runs().last().outcome = { status: 'succeeded', output: null };
    expect(await api.post(`/api/runs/${run.id}/tell`, { name: 'paid' })).toMatchObject({
      status: 409,
      body: { code: 'run.ended' },
    });
  });
});

describe('approvals', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const form = { type: 'object', required: ['amount'], properties: { amount: { type: 'number', maximum: 10 } } };

  it('are decided once, with values that fit the form', async () => {
    const run = await start('approve');
    await record(run, {
      waits: [
        { step: 'each[3].ask', kind: 'approval', since, until: null, key: null, detail: { title: 'Pay?', form } },
      ],
    });
    const decide = (body: object, step = 'each[3].ask') =>
      api.post(`/api/runs/${run.id}/approvals/${encodeURIComponent(step)}`, { by: 'ada', ...body });
    expect(await decide({ decision: 'approved', values: { amount: 11 } })).toMatchObject({
      status: 422,
      body: { code: 'approval.values', problems: [{ path: '/amount' }] },
    });
    expect(await decide({ decision: 'approved' })).toMatchObject({ status: 422 });
    expect(await decide({ decision: 'approved', values: { amount: 9 }, comment: 'ok' })).toMatchObject({
      status: 200,
      body: { step: 'each[3].ask', decision: 'approved' },
    });
    expect(api.runs().last().approvals).toEqual([
      { step: 'each[3].ask', decision: 'approved', by: 'ada', comment: 'ok', values: { amount: 9 } },
    ]);
    expect(await decide({ decision: 'rejected' }, 'ask')).toMatchObject({ status: 503 });
    api.runs().last().view = { runId: run.id, status: 'running', steps: [], waits: [] };
    expect(await decide({ decision: 'rejected' }, 'ask')).toMatchObject({
      status: 409,
      body: { code: 'approval.notWaiting' },
    });
  });

  it('need no form values to be rejected, and are found live before they are indexed', async () => {
    const run = await start('reject');
    api.runs().last().view = {
      runId: run.id,
      status: 'waiting',
      steps: [],
      waits: [{ step: 'ask', kind: 'approval', since, detail: { form } }],
    };
    expect(await api.post(`/api/runs/${run.id}/approvals/ask`, { decision: 'rejected', by: 'ada' })).toMatchObject({
      status: 200,
    });
    await record(run, over);
    expect(await api.post(`/api/runs/${run.id}/approvals/ask`, { decision: 'rejected', by: 'ada' })).toMatchObject({
      status: 409,
    });
  });
});
