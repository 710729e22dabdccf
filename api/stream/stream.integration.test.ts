import { afterEach, describe, expect, it } from 'vitest';
import { noteChanges, withWorkspace } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { writeEventId } from '../live/event-id.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { type Listener, listenTo } from './testing/listener.ts';

const api = useApi();
const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.stop();
});

/** Follows topics until the test ends. */
async function follow(topics: string, headers: Record<string, string> = {}, app = api.app()): Promise<Listener> {
  const response = await app.request(`/api/stream?topics=${topics}`, { headers });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const listener = listenTo(response);
  listeners.push(listener);
  await listener.until((events) => events.length > 0);
  return listener;
}

const endedAt = '2026-01-01T00:00:09.000Z';
const begin = (runId: string) => api.record(runRecord({ runId }));
const end = (runId: string) => api.record(runRecord({ runId, historyLength: 9, status: 'succeeded', endedAt }));
const said = (listener: Listener) =>
  listener.events.map(({ event, data }) => [event, data.run ?? data.workflow, data.status].filter(Boolean).join(' '));

describe('GET /api/stream', () => {
  it('says first that it is ready, and then what changes of each topic, in order', async () => {
    const [runs, one, approvals, workflows] = await Promise.all(
      ['runs', 'run:rb', 'approvals', 'workflows'].map((topics) => follow(topics)),
    );
    await begin('ra');
    await api.record(
      runRecord({
        runId: 'rb',
        status: 'waiting',
        waits: [{ step: 'ask', kind: 'approval', since: endedAt, until: null }],
      }),
    );
    await api.put('/api/workflows/w', graphOf('w'));
    await api.put('/api/workflows/w/draft', JSON.stringify(graphOf('w')), { 'if-none-match': '*' });
    await end('ra');
    await runs!.until(() => said(runs!).includes('run.ended ra succeeded'));
    expect(said(runs!)).toEqual([
      'ready',
      'run.started ra running',
      'run.started rb waiting',
      'run.ended ra succeeded',
    ]);
    await one!.until((events) => events.length > 2);
    expect(said(one!)).toEqual(['ready', 'run.started rb waiting', 'approval.opened rb waiting']);
    await approvals!.until((events) => events.length > 1);
    expect(said(approvals!)).toEqual(['ready', 'approval.opened rb waiting']);
    await workflows!.until((events) => events.length > 2);
    expect(said(workflows!)).toEqual(['ready', 'workflow.published w', 'draft.changed w']);
    expect(runs!.events[1]!.data).toMatchObject({ kind: 'run.started', run: 'ra', workflow: 'hello', version: 1 });
  });

  it('goes on after the last event that arrived, wherever a connection broke', async () => {
    const whole = await follow('runs,approvals');
    for (const n of [1, 2, 3, 4]) await begin(`rc${n}`);
    await withWorkspace(api.database(), 'a', (tx) =>
      noteChanges(
        tx,
        ['rc5', 'rc6', 'rc7'].map((runId) => ({ kind: 'run.changed', runId }) as const),
      ),
    );
    await whole.until((events) => events.length === 8);
    const ids = whole.events.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [n, id] of ids.entries()) {
      const again = await follow('runs,approvals', { 'last-event-id': id });
      await again.until(() => again.events.length >= ids.length - n);
      expect(said(again).slice(1)).toEqual(said(whole).slice(n + 1));
      await again.stop();
    }
    await end('rc1');
    await whole.until((events) => events.length === 9);
  });

  it('lets a follower that was away for too long look at everything anew', async () => {
    for (const id of [
      'nonsense',
      writeEventId({ next: 1, open: [] }, Date.now() - 3_600_000),
      writeEventId({ next: 2 ** 40, open: [] }, Date.now()),
    ]) {
      const listener = await follow('runs', { 'last-event-id': id });
      await listener.until(() => listener.events.some(({ event }) => event === 'resync'));
      await begin(`rd${listeners.length}`);
      await listener.until(() => said(listener).includes(`run.started rd${listeners.length} running`));
    }
  });

  it('takes the place from the address, too, for clients that set no headers', async () => {
    const first = await follow('runs');
    await begin('re1');
    await first.until((events) => events.length === 2);
    const again = await follow(`runs&after=${first.events[0]!.id}`);
    await again.until(() => said(again).includes('run.started re1 running'));
  });

  it('tells a follower nothing of other workspaces', async () => {
    const listener = await follow('runs,run:rf1');
    await withWorkspace(api.database(), 'b', (tx) => noteChanges(tx, [{ kind: 'run.changed', runId: 'rf1' }]));
    await begin('rf2');
    await listener.until((events) => events.length > 1);
    expect(said(listener)).toEqual(['ready', 'run.started rf2 running']);
  });

  it('goes on after the database was away, and says that something may have been left out', async () => {
    const listener = await follow('runs');
    const { Client } = await import('pg');
    const client = new Client({ connectionString: api.store.url() });
    await client.connect();
    const cut = () =>
      client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    await listener.until(async () => {
      await cut();
      return listener.events.some(({ event }) => event === 'resync');
    });
    await client.end();
    let n = 0;
    await listener.until(async () => {
      await begin(`rg${++n}`);
      return said(listener).some((one) => one.startsWith('run.started rg'));
    });
  });

  it.each([
    ['', 'Too small|topics'],
    ['all', '"all" is not a topic'],
    ['run:', '"run:" is not a topic'],
    ['runs,run:x%00', 'is not a topic'],
    [Array.from({ length: 101 }, (_, n) => `run:r${n}`).join(','), 'The most is 100'],
  ])('refuses topics that are none: %s', async (topics, words) => {
    const answer = await api.get(`/api/stream?topics=${topics}`);
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringMatching(words) } });
  });

  it('tells HEAD only that it is there', async () => {
    const answer = await api.raw('/api/stream?topics=runs', { method: 'HEAD', headers: { host: 'blok.test' } });
    expect([answer.status, await answer.text(), api.ctx().feed.size()]).toEqual([200, '', 0]);
  });

  it('ends when the server closes', async () => {
    const listener = await follow('runs');
    api.ctx().feed.close();
    await listener.ended;
    expect(api.ctx().feed.size()).toBe(0);
  });
});
