import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { askControl } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { hashOf } from '../hash.ts';
import type { RunActivity } from '../runs-port.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { completeWait, skipStep } from './step.ts';

const api = useApi();

const ACTIVITY: RunActivity = {
  ...{ id: 'keep', paused: false, state: 'scheduled', attempt: 2, maxAttempts: 3, lastError: null },
  ...{ scheduledAt: null, startedAt: null, heartbeatAt: null, heartbeat: null, worker: null },
  nextAttemptAt: '2026-01-01T00:05:00.000Z',
};

/** A run that goes on, with one running step. */
async function begin(activities: RunActivity[] = [ACTIVITY]) {
  const { body } = await api.post('/api/runs', { graph: graphOf('operated') });
  const run = api.runs().last();
  run.activities = activities;
  run.view = { runId: body.id, status: 'running', steps: [stepRecord({ path: 'keep', status: 'running' })], waits: [] };
  const act = (verb: string, content: object = {}, key?: string) =>
    api.send(
      verb === 'options' ? 'PATCH' : 'POST',
      `/api/runs/${body.id}/steps/keep/${verb}`,
      content,
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const controls = async () => (await api.get(`/api/runs/${body.id}/controls`)).body.items;
  return { id: body.id as string, run, act, controls };
}

describe('what is done to a step', () => {
  it('is written down with who, when and why, and done once for a key', async () => {
    const { run, act, controls } = await begin();
    const [first, again] = [
      await act('skip', { output: 1, reason: 'broken' }, 'k'),
      await act('skip', { output: 1, reason: 'broken' }, 'k'),
    ];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.body).toEqual(again.body);
    expect(run.operated).toHaveLength(1);
    expect(run.operated[0]).toMatchObject({ id: 'k', do: 'skip', step: 'keep', output: 1 });
    expect((await act('skip', { output: 2 }, 'k')).body.code).toBe('idempotency.mismatch');
    expect(await controls()).toEqual([
      {
        ...{ id: 'k', action: 'skip', step: 'keep', by: 'owner', reason: 'broken', detail: null, outcome: 'done' },
        at: expect.stringMatching(/^20\d\d-/),
      },
    ]);
  });

  it('is refused with the reason of the run, and that is written down', async () => {
    const { id, controls } = await begin();
    const answer = await api.post(`/api/runs/${id}/steps/nowhere/timeout`, {});
    expect(answer).toMatchObject({ status: 409, body: { code: 'step.notOpen' } });
    expect(await controls()).toMatchObject([{ action: 'timeout', step: 'nowhere', outcome: 'step.notOpen' }]);
  });

  it('may be asked for again if Temporal was away', async () => {
    const { run, act, controls } = await begin();
    api.runs().down = true;
    expect((await act('skip', { output: 1 }, 'k')).status).toBe(503);
    api.runs().down = false;
    expect(await controls()).toMatchObject([{ outcome: 'temporal.unavailable' }]);
    expect((await act('skip', { output: 1 }, 'k')).status).toBe(200);
    expect([run.operated.length, (await controls())[0].outcome]).toEqual([1, 'done']);
  });

  it('is done once for a key, also if the request comes again while it is being done', async () => {
    const { run, act, controls } = await begin();
    const { operate } = api.runs();
    let begun = 0;
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    api.runs().operate = async (...given) => {
      begun++;
      await held;
      return operate(...given);
    };
    try {
      const both = [act('skip', { output: 1 }, 'k'), act('skip', { output: 1 }, 'k')];
      await vi.waitFor(() => expect(begun).toBe(1));
      // Another request under the same key need not wait.
      expect((await act('skip', { output: 2 }, 'k')).body.code).toBe('idempotency.mismatch');
      goOn();
      const answers = await Promise.all(both);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect([begun, run.operated.length]).toEqual([1, 1]);
      expect(await controls()).toMatchObject([{ outcome: 'done' }]);
    } finally {
      api.runs().operate = operate;
    }
  });

  it('is carried out by another process if the first one was killed', async () => {
    const { id, run, act, controls } = await begin();
    const asked = { runId: id, id: 'k', by: 'owner', action: 'reset', step: 'keep' };
    const request = { keepPaused: false, resetHeartbeat: false };
    const digest = hashOf({ action: 'reset', step: 'keep', request });
    await api.ctx().tenant((tx) => askControl(tx, { ...asked, digest }));
    await api
      .ctx()
      .tenant((tx) => tx.db.execute(sql`update control set at = now() - interval '14 seconds' where run_id = ${id}`));
    const answers = await Promise.all([act('reset', {}, 'k'), act('reset', {}, 'k')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(run.actions).toEqual(['reset keep']);
    expect(await controls()).toMatchObject([{ outcome: 'done' }]);
  });

  it('retries at once: through a pause while Temporal waits, else in the run', async () => {
    const waiting = await begin();
    expect((await waiting.act('retry')).status).toBe(200);
    expect(waiting.run.actions).toEqual(['pause keep', 'unpause keep']);
    const paused = await begin([{ ...ACTIVITY, paused: true, nextAttemptAt: null }]);
    await paused.act('retry');
    expect(paused.run.actions).toEqual(['unpause keep']);
    const running = await begin([{ ...ACTIVITY, nextAttemptAt: null, state: 'started' }]);
    expect((await running.act('retry')).body.code).toBe('step.notRetrying');
    const inRun = await begin([]);
    await inRun.act('retry');
    expect(inRun.run.operated).toMatchObject([{ do: 'retry' }]);
  });

  it('pauses, unpauses, resets and changes the activity of the step, after a long back-off too', async () => {
    const { run, act, controls } = await begin([{ ...ACTIVITY, id: 'keep#2' }]);
    for (const verb of ['pause', 'pause', 'unpause', 'reset']) expect((await act(verb)).status).toBe(200);
    const changed = await act('options', { timeout: '2h', maxAttempts: 9 });
    expect(changed.body.detail).toEqual({ timeoutMs: 7_200_000, maxAttempts: 9 });
    expect(run.actions).toEqual(['pause keep#2', 'unpause keep#2', 'reset keep#2', 'change keep#2']);
    expect(await controls()).toHaveLength(5);
    const without = await begin([]);
    expect((await without.act('pause')).body.code).toBe('step.notOpen');
  });

  it.each([
    ['skip', {}],
    ['options', {}],
    ['options', { original: true, maxAttempts: 2 }],
    ['options', { timeout: '5 parsecs' }],
    ['options', { timeout: '2000d' }],
    ['retry', { reason: '' }],
  ])('is refused if it makes no sense: %s %j', async (verb, content) => {
    const { act, controls } = await begin();
    expect(await act(verb, content)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(await controls()).toEqual([]);
  });
});

describe('an approval that is ended by hand', () => {
  const form = { type: 'object', required: ['amount'], properties: { amount: { type: 'number', maximum: 10 } } };
  const approval = {
    step: 'keep',
    kind: 'approval',
    since: '2026-01-01T00:00:00.000Z',
    until: null,
    key: null,
  } as const;
  const asked = async () => {
    const begun = await begin();
    begun.run.view = { ...begun.run.view!, waits: [{ ...approval, detail: { title: 'Pay?', form } }] };
    return begun;
  };

  it.each([
    ['complete', 'data'],
    ['skip', 'output'],
  ])('says who decided, and when, whatever the request says: %s', async (verb, field) => {
    const { run, act } = await asked();
    const forged = { by: 'the boss', at: '2020-01-01T00:00:00.000Z', more: 1 };
    const given = { decision: 'approved', values: { amount: 9 }, ...forged };
    expect((await act(verb, { [field]: given, reason: 'on call' })).status).toBe(200);
    expect(run.operated[0]).toMatchObject({ do: verb });
    expect((run.operated[0] as { output?: unknown }).output).toEqual({
      ...{ decision: 'approved', comment: 'on call', values: { amount: 9 }, by: 'owner' },
      at: expect.not.stringMatching(/^2020/),
    });
  });

  it.each([
    ['complete', 'data', 'approved'],
    ['complete', 'data', { decision: 'approved', values: { amount: 11 } }],
    ['skip', 'output', { decision: 'approved' }],
  ])('must fit the form of the approval: %s %s %j', async (verb, field, given) => {
    const { run, act, controls } = await asked();
    expect(await act(verb, { [field]: given })).toMatchObject({ status: 422, body: { code: 'approval.values' } });
    expect(run.operated).toEqual([]);
    expect(await controls()).toMatchObject([{ outcome: 'approval.values' }]);
    expect((await act(verb, { [field]: { decision: 'rejected' } })).status).toBe(200);
  });

  it('is for those who may decide', async () => {
    const { id, run } = await asked();
    const asking = { id, by: 'ada', step: 'keep', mayDecide: false };
    const data = { decision: 'rejected' };
    await expect(completeWait(api.ctx(), { ...asking, data })).rejects.toMatchObject({ code: 'access.denied' });
    await expect(skipStep(api.ctx(), { ...asking, output: data })).rejects.toMatchObject({ code: 'access.denied' });
    expect(run.operated).toEqual([]);
  });

  it('is no other step, whose output may say what it likes', async () => {
    const { run, act } = await begin();
    const output = { decision: 'approved', by: 'a model' };
    expect((await act('skip', { output })).status).toBe(200);
    expect(run.operated[0]).toMatchObject({ output });
  });
});

describe('a whole run', () => {
  it('is terminated at once, with what it waits for, and only once', async () => {
    const { id, run, controls } = await begin();
    const answers = await Promise.all([1, 2].map(() => api.post(`/api/runs/${id}/terminate`, { reason: 'enough' })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await api.get(`/api/runs/${id}`)).body).toMatchObject({
      status: 'terminated',
      error: { message: 'owner: enough' },
    });
    expect(run.outcome?.status).toBe('terminated');
    expect((await api.post(`/api/runs/${id}/terminate`, {})).status).toBe(200);
    expect((await controls()).every(({ outcome }: { outcome: string }) => outcome === 'done')).toBe(true);
    expect((await api.post('/api/runs/rnone/terminate', {})).body.code).toBe('run.notFound');
  });

  it('keeps who paused, resumed and cancelled it', async () => {
    const { id, controls } = await begin();
    for (const verb of ['pause', 'resume', 'cancel'])
      expect((await api.post(`/api/runs/${id}/${verb}`, { reason: verb })).status).toBe(202);
    expect((await controls()).map(({ action, reason }: Record<string, string>) => [action, reason])).toEqual([
      ['pause', 'pause'],
      ['resume', 'resume'],
      ['cancel', 'cancel'],
    ]);
  });

  it('that has ended takes nothing more', async () => {
    const { id, run, act } = await begin();
    const { workflowId } = run.start;
    const end = { status: 'succeeded', endedAt: '2026-01-01T00:00:09.000Z' } as const;
    const done = await act('skip', { output: 1 }, 'k');
    await api.record(runRecord({ runId: id, workflowId, historyLength: 9, ...end }));
    expect((await act('skip', { output: 1 })).body.code).toBe('run.ended');
    expect((await api.post(`/api/runs/${id}/cancel`, {})).status).toBe(200);
    // Whoever lost the answer asks again, and whoever took the same key for something else hears of it.
    expect(await act('skip', { output: 1 }, 'k')).toMatchObject({ status: 200, body: done.body });
    expect((await act('skip', { output: 2 }, 'k')).body.code).toBe('idempotency.mismatch');
    for (const verb of ['cancel', 'terminate', 'pause', 'resume'])
      expect((await api.post(`/api/runs/${id}/${verb}`, {}, { 'idempotency-key': 'k' })).body.code).toBe(
        'idempotency.mismatch',
      );
  });
});
