import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { recentCounts, takeDueGroups } from '../../db/index.ts';
import { releaseDue } from '../background/held.ts';
import { addressOf, publishHook } from '../hooks/testing/hook.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

const DEDUPE = { verify: 'none', dedupe: '${{ trigger.body.id }}' };
const BATCH = { batch: { size: 3, within: '1h' }, input: { type: 'object', properties: { items: { type: 'array' } } } };
const DEBOUNCE = { debounce: { key: '${{ input.customer }}', quiet: '1h' } };

const startsOf = (workflow: string) =>
  [...api.runs().all.values()].map(({ start }) => start.input).filter((input) => input.workflow === workflow);
/** Everything is due now, also what another process has taken: as if that one had been killed. */
const passTime = () =>
  api.store.inside((tx) => tx.db.execute(sql`update held_group set due_at = now() where due_at is not null`));
const release = () => releaseDue(api.ctx());
const queue = async (name: string) => (await api.get(`/api/workflows/${name}/queue`)).body;
const counts = async (workflow: string) => {
  await api.ctx().tally.flush();
  const rows = await api.store.inside((tx) => recentCounts(tx, { workflow }));
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
};

describe('a graph with `batch`', () => {
  it('answers where a request is held, and starts one run with all items once the batch is full', async () => {
    const at = await publishHook(api, 'full', { with: DEDUPE, graph: BATCH });
    const first = await api.post(at, { id: 1 });
    expect(first).toMatchObject({
      status: 202,
      body: { run: null, held: { workflow: 'full', trigger: 'in', group: expect.any(String) } },
    });
    expect(Date.parse(first.body.held.dueAt) - Date.now()).toBeCloseTo(3_600_000, -5);
    expect((await api.post(at, { id: 2 })).body).toEqual(first.body);
    expect((await api.post(at, { id: 2 })).body).toEqual(first.body);
    expect(await queue('full')).toMatchObject({
      waiting: [],
      held: [{ word: 'batch', trigger: 'in', count: 2, dueAt: first.body.held.dueAt }],
      counts: { waiting: 0, held: 1 },
    });
    await release();
    expect(startsOf('full')).toEqual([]);
    await api.post(at, { id: 3 });
    await release();
    expect(startsOf('full')).toMatchObject([
      {
        input: { items: [{ id: 1 }, { id: 2 }, { id: 3 }] },
        version: 1,
        trigger: { id: 'in', key: '3', body: { id: 3 } },
      },
    ]);
    const again = await api.post(at, { id: 1 });
    expect(again.body).toEqual({ run: { id: startsOf('full')[0]!.runId, url: expect.any(String) } });
    expect(await queue('full')).toMatchObject({ held: [], counts: { held: 0 } });
    expect(await counts('full')).toEqual({ seen: 5, held: 3, duplicate: 2, started: 1 });
  });

  it('starts a run with what has come when its time is over', async () => {
    const at = await publishHook(api, 'partly', { with: DEDUPE, graph: BATCH });
    await api.post(at, { id: 1 });
    await passTime();
    await release();
    expect(startsOf('partly')).toMatchObject([{ input: { items: [{ id: 1 }] } }]);
  });

  it('refuses a request whose item does not fit, and holds nothing of it', async () => {
    const items = { type: 'array', items: { type: 'object', required: ['id'] } };
    const graph = { ...BATCH, input: { type: 'object', properties: { items } } };
    const at = await publishHook(api, 'fits', { with: { verify: 'none' }, graph });
    expect(await api.post(at, { n: 1 })).toMatchObject({ status: 400, body: { code: 'hook.input' } });
    expect((await queue('fits')).held).toEqual([]);
    expect(await counts('fits')).toEqual({ seen: 1, refused: 1 });
  });

  it('starts one run, although the process that started it was killed before it noted that', async () => {
    const at = await publishHook(api, 'killed', { with: DEDUPE, graph: BATCH });
    await api.post(at, { id: 1 });
    await passTime();
    const [group] = await api.store.inside((tx) => takeDueGroups(tx, { limit: 10 }));
    await release();
    expect(startsOf('killed')).toEqual([]);
    await passTime();
    await release();
    expect(startsOf('killed')).toHaveLength(1);
    // The other one comes back to life, and knows nothing.
    await api.store.inside((tx) =>
      tx.db.execute(sql`update held_group set due_at = now(), outcome = null, run_id = null where id = ${group!.id}`),
    );
    await release();
    expect(startsOf('killed')).toHaveLength(1);
  });

  it('begins later if Temporal is away, and shows why', async () => {
    const at = await publishHook(api, 'away', { with: DEDUPE, graph: BATCH });
    api.runs().down = true;
    for (const id of [1, 2, 3]) expect((await api.post(at, { id })).status).toBe(202);
    await release();
    expect((await queue('away')).held).toMatchObject([{ count: 3, reason: expect.any(String) }]);
    api.runs().down = false;
    await passTime();
    await release();
    expect(startsOf('away')).toHaveLength(1);
  });

  it('takes a call as it is: it is never held', async () => {
    const triggers = { in: { uses: 'event', with: { event: 'x' } }, by: { uses: 'call' } };
    await api.put('/api/workflows/called', { graph: graphOf('called', { ...BATCH, triggers }) });
    expect((await api.post('/api/workflows/called/runs', { input: { items: [1] } })).status).toBe(202);
    expect(startsOf('called')).toMatchObject([{ input: { items: [1] } }]);
  });
});

describe('a graph with `debounce`', () => {
  it('starts one run for each key, with the last event', async () => {
    const at = await publishHook(api, 'last', { with: DEDUPE, graph: DEBOUNCE });
    for (const [id, customer] of [
      [1, 'ann'],
      [2, 'bob'],
      [3, 'ann'],
      [4, 'ann'],
    ] as const)
      await api.post(at, { id, customer });
    expect((await queue('last')).held).toMatchObject([
      { word: 'debounce', key: 'bob', count: 1 },
      { word: 'debounce', key: 'ann', count: 3 },
    ]);
    await passTime();
    await release();
    const runs = new Map(
      startsOf('last').map(({ input, runId }) => [(input as { customer: string }).customer, { input, runId }]),
    );
    expect(startsOf('last')).toHaveLength(2);
    expect(runs.get('bob')?.input).toEqual({ id: 2, customer: 'bob' });
    expect(runs.get('ann')?.input).toEqual({ id: 4, customer: 'ann' });
    expect((await api.post(at, { id: 3, customer: 'ann' })).body.run.id).toBe(runs.get('ann')?.runId);
  });

  it('keeps what it holds when another version is published, and runs it with its own version', async () => {
    const at = await publishHook(api, 'newer', { with: DEDUPE, graph: DEBOUNCE });
    await api.post(at, { id: 1, customer: 'ann' });
    const triggers = { in: { uses: 'webhook', with: DEDUPE } };
    await api.put('/api/workflows/newer', { graph: graphOf('newer', { triggers, label: 'no debounce' }) });
    expect(await addressOf(api, 'newer')).toBe(at);
    await release();
    expect(startsOf('newer')).toMatchObject([{ version: 1, input: { id: 1 } }]);
    // The new version holds nothing, and knows what was held.
    expect((await api.post(at, { id: 1, customer: 'ann' })).body.run.id).toBe(startsOf('newer')[0]!.runId);
    expect((await api.post(at, { id: 2, customer: 'ann' })).body.run).not.toBeNull();
    expect(startsOf('newer')).toMatchObject([{ version: 1 }, { version: 2 }]);
  });

  it('counts an event once that had started a run before', async () => {
    const at = await publishHook(api, 'older', { with: DEDUPE });
    const { run } = (await api.post(at, { id: 1 })).body;
    const triggers = { in: { uses: 'webhook', with: DEDUPE } };
    await api.put('/api/workflows/older', { graph: graphOf('older', { triggers, ...DEBOUNCE }) });
    expect((await api.post(at, { id: 1 })).body).toEqual({ run });
    expect((await queue('older')).held).toEqual([]);
  });

  it('runs what was taken before the workflow was switched off', async () => {
    const at = await publishHook(api, 'off', { with: DEDUPE, graph: DEBOUNCE });
    await api.post(at, { id: 1, customer: 'ann' });
    await api.put('/api/workflows/off/active', { active: false });
    expect((await api.post(at, { id: 2, customer: 'ann' })).status).toBe(404);
    await passTime();
    await release();
    expect(startsOf('off')).toMatchObject([{ input: { id: 1 } }]);
  });

  it('holds events, and firings by hand', async () => {
    const triggers = { on: { uses: 'event', with: { event: 'changed' } } };
    await api.put('/api/workflows/events', { graph: graphOf('events', { triggers, ...DEBOUNCE }) });
    const sent = await api.post('/api/events', { name: 'changed', id: 'e1', data: { customer: 'ann', n: 1 } });
    expect(sent.body.triggers).toMatchObject([{ workflow: 'events', trigger: 'on', outcome: 'held' }]);
    const fired = await api.post('/api/workflows/events/triggers/on/fire', { data: { customer: 'ann', n: 2 } });
    expect(fired.body).toMatchObject({ outcome: 'held', run: null, held: { dueAt: expect.any(String) } });
    await passTime();
    await release();
    expect(startsOf('events')).toMatchObject([{ input: { customer: 'ann', n: 2 } }]);
  });
});

it('starts a run under its priority, and refuses one that is none', async () => {
  const graph = graphOf('urgent', { priority: '${{ input.priority ?? 4 }}' });
  await api.put('/api/workflows/urgent', { graph });
  await api.post('/api/workflows/urgent/runs', { input: { n: 1 } });
  await api.post('/api/workflows/urgent/runs', { input: { n: 2, priority: 1 } });
  expect(startsOf('urgent').map(({ priority }) => priority)).toEqual([4, 1]);
  const refused = await api.post('/api/workflows/urgent/runs', { input: { n: 3, priority: 'high' } });
  expect(refused).toMatchObject({ status: 422, body: { code: 'trigger.expression' } });
});

it('lists nothing of a workflow that is not there', async () => {
  expect((await api.get('/api/workflows/nowhere/queue')).status).toBe(404);
  await api.put('/api/workflows/idle', { graph: graphOf('idle') });
  const counts = { waiting: 0, held: 0, refused: 0 };
  expect(await queue('idle')).toEqual({ waiting: [], held: [], refused: [], counts, next: null });
  expect((await api.get('/api/workflows/idle/queue?limit=0')).status).toBe(400);
});
