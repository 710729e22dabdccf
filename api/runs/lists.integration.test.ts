import { beforeAll, describe, expect, it } from 'vitest';
import { runRecord } from '../../db/testing/records.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString();
const record = (n: number, change: Partial<RunRecord> = {}) =>
  api.record(runRecord({ runId: `r${n}`, workflow: 'w', startedAt: at(n), ...change }));
const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);
const error = { code: 'http.404', message: 'Not there', step: 'a', node: 'a', attempts: 1, unknown: false };

beforeAll(async () => {
  for (let n = 0; n < 9; n++) await record(n);
  await record(9, { status: 'failed', error, endedAt: at(20), workflow: 'other' });
});

describe('GET /api/runs', () => {
  it('goes through pages in both directions', async () => {
    const first = (await api.get('/api/runs?limit=4')).body;
    const second = (await api.get(`/api/runs?limit=4&cursor=${first.next}`)).body;
    const third = (await api.get(`/api/runs?limit=4&cursor=${second.next}`)).body;
    expect([first, second, third].map(ids)).toEqual([
      ['r9', 'r8', 'r7', 'r6'],
      ['r5', 'r4', 'r3', 'r2'],
      ['r1', 'r0'],
    ]);
    expect([first.previous, third.next]).toEqual([null, null]);
    const back = (await api.get(`/api/runs?limit=4&cursor=${third.previous}`)).body;
    expect(ids(back)).toEqual(ids(second));
    const start = (await api.get(`/api/runs?limit=4&cursor=${back.previous}`)).body;
    expect([ids(start), start.previous]).toEqual([ids(first), null]);
    expect(ids((await api.get(`/api/runs?limit=4&cursor=${start.next}`)).body)).toEqual(ids(second));
  });

  it('filters and counts by the same parameters', async () => {
    for (const [query, expected] of [
      ['error=http.404', ['r9']],
      ['text=not there', ['r9']],
      ['workflow=other&status=failed', ['r9']],
      [`from=${at(7)}&to=${at(9)}`, ['r8', 'r7']],
      ['retrying=true', []],
    ] as const) {
      expect(ids((await api.get(`/api/runs?${query}`)).body)).toEqual(expected);
      expect((await api.get(`/api/runs/count?${query}`)).body).toEqual({ count: expected.length, exact: true });
    }
  });

  it('says what is wrong with a filter', async () => {
    for (const query of [
      'status=odd',
      'from=yesterday',
      'parent=x',
      'waits=pause',
      'version=0',
      'colour=red',
      'cursor=zz',
    ])
      expect((await api.get(`/api/runs?${query}`)).body, query).toMatchObject({ status: 400, code: 'request.invalid' });
  });

  it('finds runs by labels that somebody has given to them', async () => {
    await api.put('/api/runs/r3/labels', { labels: ['vip', 'customer 42'] });
    expect(ids((await api.get('/api/runs?label=customer 42')).body)).toEqual(['r3']);
    await api.put('/api/runs/r3/labels', { labels: ['vip'] });
    expect(ids((await api.get('/api/runs?label=customer 42')).body)).toEqual([]);
    expect((await api.get('/api/runs/r3')).body.labels).toEqual(['vip']);
    expect((await api.put('/api/runs/rnobody/labels', { labels: [] })).status).toBe(404);
  });
});

describe('saved filters', () => {
  it('are kept under a name, used, listed and deleted', async () => {
    const saved = await api.put('/api/run-filters/not there', { filter: { error: 'http.404', status: 'failed' } });
    expect(saved).toMatchObject({ status: 200, body: { name: 'not there', author: 'owner' } });
    expect(ids((await api.get('/api/runs?filter=not there')).body)).toEqual(['r9']);
    expect(ids((await api.get('/api/runs?filter=not there&workflow=w')).body)).toEqual([]);
    // What is given besides wins.
    expect(ids((await api.get('/api/runs?filter=not there&status=succeeded')).body)).toEqual([]);
    expect((await api.get('/api/runs/count?filter=not there')).body.count).toBe(1);
    expect((await api.get('/api/run-filters')).body.items).toMatchObject([{ name: 'not there' }]);
    expect((await api.send('DELETE', '/api/run-filters/not there')).status).toBe(200);
    expect(await api.get('/api/runs?filter=not there')).toMatchObject({
      status: 404,
      body: { code: 'filter.notFound' },
    });
  });

  it('refuse what is no filter of runs', async () => {
    const answer = await api.put('/api/run-filters/bad', { filter: { status: 'odd', colour: 'red' } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });
});
