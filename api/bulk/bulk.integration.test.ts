import { beforeAll, describe, expect, it } from 'vitest';
import { runRecord } from '../../db/testing/records.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

const start = async (name: string, count: number) => {
  for (let n = 0; n < count; n++) await api.post('/api/runs', { graph: graphOf(name), input: { n } });
};
const bulk = (body: object) => api.post('/api/runs/bulk', body);
const statuses = async (workflow: string) =>
  (await api.get(`/api/runs?workflow=${workflow}`)).body.items.map(({ status }: { status: string }) => status);

it('counts first, and acts only on as many runs as were counted', async () => {
  await start('many', 3);
  await start('others', 1);
  const about = { action: 'terminate', filter: { workflow: 'many' }, reason: 'a bad release' };
  expect((await bulk(about)).body).toEqual({ count: 3, more: false, done: null, failed: [] });
  await start('many', 1);
  expect(await bulk({ ...about, expected: 3 })).toMatchObject({ status: 409, body: { code: 'bulk.changed' } });
  expect(new Set(await statuses('many'))).toEqual(new Set(['running']));
  expect((await bulk({ ...about, expected: 4 })).body).toEqual({ count: 4, more: false, done: 4, failed: [] });
  expect(await statuses('many')).toEqual(Array(4).fill('terminated'));
  expect(await statuses('others')).toEqual(['running']);
  expect((await bulk({ ...about, expected: 0 })).body).toMatchObject({ count: 0, done: 0 });
});

it('repeats what has ended otherwise than well once, however often and by whom it is asked for', async () => {
  await start('repeated', 2);
  await bulk({ action: 'terminate', filter: { workflow: 'repeated' }, expected: 2 });
  const about = { action: 'rerun', filter: { workflow: 'repeated', error: 'terminated' } };
  expect((await bulk(about)).body.count).toBe(2);
  const all = { ...about, expected: 2 };
  const answers = await Promise.all([bulk(all), bulk(all)]);
  expect(answers.map(({ body }) => body.done ?? body.code)).toContain(2);
  expect(await bulk(all)).toMatchObject({ status: 409, body: { code: 'bulk.changed' } });
  expect((await statuses('repeated')).sort()).toEqual(['running', 'running', 'terminated', 'terminated']);
});

it('comes to the runs behind those that it has repeated, also if these fail again', async () => {
  await start('again', 1);
  await bulk({ action: 'terminate', filter: { workflow: 'again' }, expected: 1 });
  const about = { action: 'rerun', filter: { workflow: 'again' }, expected: 1 };
  expect((await bulk(about)).body).toMatchObject({ done: 1 });
  await bulk({ action: 'terminate', filter: { workflow: 'again' }, expected: 1 });
  expect((await bulk(about)).body).toMatchObject({ count: 1, done: 1, failed: [] });
  expect(await statuses('again')).toHaveLength(3);
});

it('says of each run that cannot be repeated why', async () => {
  await start('gone', 2);
  await bulk({ action: 'terminate', filter: { workflow: 'gone' }, expected: 2 });
  for (const id of [...api.runs().all.keys()].filter((one) => one.startsWith('a/gone/'))) api.runs().all.delete(id);
  expect((await bulk({ action: 'rerun', filter: { workflow: 'gone' }, expected: 2 })).body.failed).toMatchObject([
    { code: 'run.notKept' },
    { code: 'run.notKept' },
  ]);
});

describe('finds runs by all that lists can be asked for', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString();
  const waits = (kind: 'approval' | 'retry'): Partial<RunRecord> => ({
    status: 'waiting',
    waits: [{ step: 's', kind, since: at(1) }],
  });
  const error = { code: 'http.404', message: 'Order 4711 was not found', step: 's', node: 's', attempts: 1 };
  const rows: Partial<RunRecord>[] = [
    { trigger: { id: 'in', uses: 'webhook', at: at(0), key: 'evt-1', by: 'run:rparent' } as never },
    waits('approval'),
    waits('retry'),
    { version: 2 },
    { status: 'failed', endedAt: at(20), error: { ...error, unknown: false } },
    { status: 'succeeded', endedAt: at(20) },
  ];

  beforeAll(async () => {
    for (const [n, row] of rows.entries())
      await api.record(runRecord({ runId: `rk${n}`, workflow: 'kinds', startedAt: at(n), ...row }));
    await api.put('/api/runs/rk0/labels', { labels: ['vip'] });
    await api.put('/api/run-filters/undecided', { filter: { waits: 'approval' } });
  });

  it.each([
    ['terminate', { trigger: 'in' }, 1],
    ['terminate', { uses: 'webhook' }, 1],
    ['terminate', { key: 'evt-1' }, 1],
    ['terminate', { parent: 'rparent' }, 1],
    ['terminate', { label: 'vip' }, 1],
    ['terminate', { version: '2', workflow: 'kinds' }, 1],
    ['cancel', { waits: 'approval' }, 1],
    ['cancel', { waits: 'approval', status: 'running' }, 0],
    ['cancel', { filter: 'undecided' }, 1],
    ['cancel', { retrying: 'true' }, 1],
    ['cancel', { workflow: 'kinds' }, 4],
    ['cancel', { from: at(1), to: at(3) }, 2],
    ['rerun', { error: 'http.404' }, 1],
    ['rerun', { text: '4711 order' }, 1],
    ['rerun', { text: '4711', workflow: 'another' }, 0],
    ['rerun', { workflow: 'kinds', status: 'succeeded' }, 1],
  ])('%s %j', async (action, filter, count) => {
    expect((await bulk({ action, filter })).body).toEqual({ count, more: false, done: null, failed: [] });
  });

  it('and acts on no other', async () => {
    await start('aside', 2);
    const [, first] = (await api.get('/api/runs?workflow=aside')).body.items;
    await api.put(`/api/runs/${first.id}/labels`, { labels: ['stop me'] });
    const about = { action: 'terminate', filter: { label: 'stop me' }, expected: 1 };
    expect((await bulk(about)).body).toMatchObject({ done: 1, failed: [] });
    expect(await statuses('aside')).toEqual(['running', 'terminated']);
  });
});

it.each([
  [{ action: 'terminate', filter: {} }],
  [{ action: 'cancel', filter: { status: 'failed' } }],
  [{ action: 'cancel', filter: { workflow: 'x', from: 'yesterday' } }],
])('refuses %j', async (body) => {
  expect(await bulk(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
});
