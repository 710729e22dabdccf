import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addFirings, storeEvent, switchWorkflow, takeDueFirings } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { startDue } from '../background/firings.ts';
import { reconcile } from '../background/reconcile.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

/** Publishes a workflow that an event starts. */
const listening = async (name: string, event: string, more: { if?: string; vars?: object; input?: string } = {}) => {
  const { vars, ...trigger } = more;
  const triggers = { on: { uses: 'event', with: { event }, ...trigger } };
  const answer = await api.put(`/api/workflows/${name}`, graphOf(name, { triggers, ...(vars && { vars }) }));
  expect(answer.status).toBe(201);
};

const startsOf = (workflow: string) =>
  [...api.runs().all.values()].filter(({ start }) => start.input.workflow === workflow);

/** Everything stored is due at once, as if the process that held it had been killed. */
const letGo = () =>
  api.store.inside((tx) => tx.db.execute(sql`update firing set due_at = now() where due_at is not null`));
const background = () => startDue(api.ctx());

describe('an event', () => {
  it('starts each workflow whose trigger listens to it, once, and says which runs were started', async () => {
    await listening('orders', 'order.paid');
    await listening('mails', 'order.paid');
    await listening('others', 'order.lost');
    const event = { name: 'order.paid', key: '7', data: { n: 3 }, id: 'e1', source: 'shop' };
    const first = await api.post('/api/events', event);
    expect(first.status).toBe(202);
    expect(
      first.body.triggers.map(({ workflow, trigger, outcome }: Record<string, string>) => [workflow, trigger, outcome]),
    ).toEqual([
      ['mails', 'on', 'started'],
      ['orders', 'on', 'started'],
    ]);
    const [order] = startsOf('orders');
    expect(order!.start.input).toMatchObject({
      runId: first.body.triggers[1].run,
      version: 1,
      input: { n: 3 },
      trigger: {
        id: 'on',
        uses: 'event',
        key: 'e1',
        event: 'order.paid',
        subject: '7',
        data: { n: 3 },
        source: 'shop',
      },
    });
    expect((await api.get(`/api/runs/${first.body.triggers[1].run}`)).body).toMatchObject({ workflow: 'orders' });
    const again = await Promise.all([1, 2, 3].map(() => api.post('/api/events', event)));
    for (const { status, body } of again) expect([status, body]).toEqual([202, first.body]);
    expect([startsOf('orders').length, startsOf('mails').length, startsOf('others').length]).toEqual([1, 1, 0]);
  });

  it('that arrives twice at the same moment starts one run', async () => {
    await listening('twice', 'bell');
    const rings = await Promise.all([1, 2, 3, 4].map(() => api.post('/api/events', { name: 'bell', id: 'ring' })));
    for (const { status } of rings) expect(status).toBe(202);
    await letGo();
    await Promise.all([background(), background()]);
    expect(startsOf('twice')).toHaveLength(1);
  });

  it('starts nothing if the `if` of the trigger is false, or the input does not fit, and says why', async () => {
    await listening('large', 'sale', { if: '${{ trigger.data.eur > 100 }}' });
    const broken = graphOf('broken', {
      input: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
      triggers: { on: { uses: 'event', with: { event: 'sale' } } },
    });
    expect((await api.put('/api/workflows/broken', broken)).status).toBe(201);
    expect((await api.post('/api/events', { name: 'sale', data: { eur: 7 } })).body.triggers).toEqual([
      { workflow: 'broken', trigger: 'on', outcome: 'refused', reason: expect.stringContaining('n') },
      { workflow: 'large', trigger: 'on', outcome: 'declined' },
    ]);
    expect((await api.post('/api/events', { name: 'sale', data: { eur: 700, n: 1 } })).body.triggers).toMatchObject([
      { workflow: 'broken', outcome: 'started' },
      { workflow: 'large', outcome: 'started' },
    ]);
  });

  it('fires a trigger whose event an expression names', async () => {
    await listening('named', '${{ vars.prefix }}.done', { vars: { prefix: 'job' } });
    expect((await api.post('/api/events', { name: 'job.done' })).body.triggers).toMatchObject([{ workflow: 'named' }]);
    expect((await api.post('/api/events', { name: 'task.done' })).body.triggers).toEqual([]);
    await api.put('/api/workflows/named/vars/prefix', { value: 'task' });
    expect((await api.post('/api/events', { name: 'task.done' })).body.triggers).toMatchObject([{ workflow: 'named' }]);
  });

  it('starts nothing in a workflow that is switched off, also not later', async () => {
    await listening('off', 'tick');
    await api.store.inside((tx) => switchWorkflow(tx, { workflow: 'off', active: false }));
    expect((await api.post('/api/events', { name: 'tick', id: 't1' })).body.triggers).toEqual([]);
    await api.store.inside((tx) => switchWorkflow(tx, { workflow: 'off', active: true }));
    expect((await api.post('/api/events', { name: 'tick', id: 't1' })).body.triggers).toEqual([]);
    await background();
    expect(startsOf('off')).toHaveLength(0);
    expect((await api.post('/api/events', { name: 'tick', id: 't2' })).body.triggers).toHaveLength(1);
  });

  it('starts its runs later if Temporal is away, or if the process was killed after the event was stored', async () => {
    await listening('later', 'dawn');
    api.runs().down = true;
    const { status, body } = await api.post('/api/events', { name: 'dawn', id: 'd1' });
    expect([status, body.triggers]).toMatchObject([202, [{ workflow: 'later', outcome: 'waiting' }]]);
    api.runs().down = false;
    await api.store.inside(async (tx) => {
      await storeEvent(tx, { id: 'd2', name: 'dawn', data: null });
      await addFirings(tx, { uses: 'event', subject: 'dawn', key: 'd2', held: true });
    });
    await background();
    expect(startsOf('later')).toHaveLength(0);
    await letGo();
    await Promise.all([background(), background()]);
    expect(
      startsOf('later')
        .map(({ start }) => start.input.trigger.key)
        .toSorted(),
    ).toEqual(['d1', 'd2']);
    const again = await api.post('/api/events', { name: 'dawn', id: 'd1' });
    expect(again.body.triggers).toMatchObject([{ outcome: 'started', run: expect.stringMatching(/^r/) }]);
  });

  it('starts the version that declared the trigger when the event came', async () => {
    await listening('moved', 'step');
    api.runs().down = true;
    await api.post('/api/events', { name: 'step', id: 's1' });
    await api.put('/api/workflows/moved', graphOf('moved'));
    api.runs().down = false;
    await letGo();
    await background();
    expect(startsOf('moved').map(({ start }) => start.input.version)).toEqual([1]);
  });

  it('of a run too deep below others starts nothing, with a reason', async () => {
    await listening('deep', 'down');
    await api.store.inside(async (tx) => {
      for (const [id, depth] of [
        ['ok', 20],
        ['deep', 21],
      ] as const) {
        await storeEvent(tx, { id, name: 'down', data: null });
        await addFirings(tx, { uses: 'event', subject: 'down', key: id, depth });
      }
    });
    await background();
    expect(startsOf('deep').map(({ start }) => [start.input.trigger.key, start.input.depth])).toEqual([['ok', 20]]);
    const refused = await api.post('/api/events', { name: 'down', id: 'deep' });
    expect(refused.body.triggers).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('BLOK_MAX_DEPTH') },
    ]);
  });

  it('fires nothing in another workspace', async () => {
    await listening('walled', 'knock');
    const answer = await api.appOf('b').request('/api/events', {
      method: 'POST',
      body: '{"name":"knock"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toMatchObject({ triggers: [] });
  });
});

describe('a failure', () => {
  const watching = async (name: string, workflow: string, more: object = {}) => {
    const triggers = { bad: { uses: 'failure', with: { workflow }, ...more } };
    expect((await api.put(`/api/workflows/${name}`, graphOf(name, { triggers }))).status).toBe(201);
  };
  const error = { code: 'http.500', message: 'no', step: 'a', node: 'a', attempts: 1, unknown: false };
  const end = (workflow: string, runId: string, change: object = {}) =>
    api.record(
      runRecord({
        ...{ workflow, runId, workflowId: `a/${workflow}/call/${runId}`, input: { n: 9 }, status: 'failed', error },
        ...{ endedAt: '2026-01-01T00:00:05.000Z', ...change },
      }),
    );

  it('starts each workflow that listens to it, once, however often its end is written', async () => {
    await api.put('/api/workflows/fragile', graphOf('fragile'));
    await watching('medic', 'fragile');
    await watching('clerk', 'fragile');
    await watching('idle', 'sturdy');
    await end('fragile', 'rfail1');
    await end('fragile', 'rfail1');
    await Promise.all([background(), background()]);
    await background();
    expect([startsOf('medic').length, startsOf('clerk').length, startsOf('idle').length]).toEqual([1, 1, 0]);
    expect(startsOf('medic')[0]!.start.input).toMatchObject({
      input: { workflow: 'fragile', run: 'rfail1', status: 'failed', error, input: { n: 9 } },
      trigger: { id: 'bad', uses: 'failure', key: 'rfail1' },
      depth: 1,
    });
  });

  it.each([
    ['timed-out', 1],
    ['succeeded', 0],
    ['cancelled', 0],
    ['terminated', 0],
  ] as const)('is what a run that ended as %s counts as: %i', async (status, runs) => {
    await watching(`after-${status}`, 'mixed');
    await end('mixed', `r${status.replace('-', '')}`, { status });
    await background();
    expect(startsOf(`after-${status}`)).toHaveLength(runs);
  });

  it('does not start what `onFailure` starts anyway', async () => {
    await watching('handler', 'handled');
    await api.put('/api/workflows/handled', graphOf('handled', { onFailure: 'handler' }));
    await end('handled', 'rhandled');
    await background();
    expect(startsOf('handler')).toHaveLength(0);
  });

  it('of a workflow that listens to itself ends in a chain that is as deep as runs may be', async () => {
    await watching('circle', 'circle');
    for (let depth = 0; depth <= 21; depth++) await end('circle', `rcircle${depth}`, depth === 0 ? {} : { depth });
    await background();
    expect(
      startsOf('circle')
        .map(({ start }) => start.input.depth)
        .toSorted((a, b) => a! - b!),
    ).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('is known too when the reconciler writes the end', async () => {
    await watching('late-medic', 'lost');
    const { body } = await api.post('/api/runs', { graph: graphOf('lost'), input: { n: 1 } });
    api.runs().last().outcome = { status: 'failed', output: null, error };
    await api.store.inside((tx) => tx.db.execute(sql`update run set started_at = now() - interval '1 hour'`));
    await reconcile(api.ctx());
    await background();
    expect(startsOf('late-medic').map(({ start }) => start.input.trigger.key)).toEqual([body.id]);
  });

  it('is not taken by two processes at once', async () => {
    await watching('shared', 'shaky');
    for (let n = 0; n < 20; n++) await end('shaky', `rshaky${n}`);
    const taken = await Promise.all([1, 2, 3].map(() => api.store.inside((tx) => takeDueFirings(tx, { limit: 10 }))));
    const keys = taken.flat().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(20);
  });
});
