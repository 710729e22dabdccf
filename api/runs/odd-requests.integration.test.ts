/** Requests about runs and workflows that nobody sends in good faith, or once in a year: a clear answer to each. */
import { beforeEach, describe, expect, it } from 'vitest';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { writeCursor } from '../http/cursor.ts';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

const cursor = (place: unknown): string => `cursor=${encodeURIComponent(writeCursor(place))}`;
const AT = '2026-03-01T00:00:00.000Z';

let isBegun = false;
/** Rows stay from one test to the next; the app is made before each. */
beforeEach(async () => {
  if (isBegun) return;
  isBegun = true;
  const steps = [stepRecord({ path: 'each[0].a', node: 'a' }), stepRecord({ path: 'each[1].a', node: 'a' })];
  const labels = { status: 'succeeded', startedAt: AT, endedAt: AT } as const;
  for (const n of [1, 2, 3]) await api.record(runRecord({ runId: `rodd${n}`, workflow: 'odd', steps, ...labels }));
  await api.put('/api/workflows/odd', { graph: graphOf('odd') });
  await api.put('/api/workflows/odd/draft', { graph: graphOf('odd') }, { 'if-none-match': '*' });
});

describe('a cursor that somebody has made', () => {
  it.each([
    [
      'of a year that the database does not know',
      `/api/runs?${cursor(['older', '0000-01-01T00:00:00.000Z', 'rodd1'])}`,
    ],
    ['with a zero byte, of steps', `/api/runs/rodd1/steps?${cursor('a\u0000')}`],
    ['with a zero byte, of logs', `/api/runs/rodd1/logs?${cursor({ at: AT, step: '\u0000', attempt: 1, seq: 1 })}`],
    ['with a number that is none', `/api/runs/rodd1/logs?${cursor({ at: AT, step: 'a', attempt: 1e12, seq: 1 })}`],
    ['of another list', `/api/workflows?${cursor(['older', AT, 'rodd1'])}`],
    ['of nothing', '/api/runs?cursor='],
    ['that is no JSON', '/api/runs?cursor=%FF%FE'],
    ['of approvals, with too large a number', `/api/approvals?${cursor({ since: AT, runId: 'r1', seq: 2 ** 40 })}`],
    ['of items, with too large a number', `/api/runs/rodd1/steps/each/items?${cursor(2 ** 40)}`],
  ])('%s', async (_, path) => {
    expect(await api.get(path)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('leads nowhere behind the last run and before the first', async () => {
    const behind = (await api.get(`/api/runs?workflow=odd&${cursor(['older', '0001-01-01T00:00:00.000Z', 'r0'])}`))
      .body;
    expect(behind).toMatchObject({ items: [], next: null });
    const before = (await api.get(`/api/runs?workflow=odd&${cursor(['newer', '9999-12-31T23:59:59.999Z', 'rz'])}`))
      .body;
    expect(before).toMatchObject({ items: [], previous: null });
    // From there one comes back.
    expect((await api.get(`/api/runs?workflow=odd&cursor=${behind.previous}`)).body.items).toHaveLength(3);
    expect((await api.get(`/api/runs?workflow=odd&cursor=${before.next}`)).body.items).toHaveLength(3);
  });
});

describe('a filter', () => {
  const of = async (query: string) => (await api.get(`/api/runs?workflow=odd&${query}`)).body;

  it.each([
    ['from=0000-06-01T00:00:00Z', 'years 1 to 9999'],
    ['to=9999-12-31T23:59:59-01:00', 'years 1 to 9999'],
    ['from=2026-02-30T00:00:00Z', 'must be an ISO time'],
    ['uses=%00', 'control characters'],
    ['limit=0', 'must be a whole number'],
    ['limit=201', 'must be at most 200'],
    ['version=2147483648', 'must be at most'],
    ['status=lost', 'query/status'],
    ['from=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z', 'given 2 times'],
  ])('that makes no sense is refused: %s', async (query, words) => {
    expect(await of(query)).toMatchObject({ code: 'request.invalid', detail: expect.stringContaining(words) });
  });

  it('takes any offset, and the ends of time', async () => {
    expect((await of('from=2026-03-01T23:00:00%2B23:59')).items).toHaveLength(3);
    expect((await of('from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z')).items).toHaveLength(3);
    expect((await of('from=2026-03-01T00:00:00.000000Z&to=2026-03-01T00:00:00.001Z')).items).toHaveLength(3);
    expect((await of('from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z')).items).toEqual([]);
  });

  it('finds nothing by words that are none', async () => {
    expect((await of('text=%2A%25_%27')).items).toEqual([]);
    expect((await of('label=%25')).items).toEqual([]);
  });
});

describe('parts of a run', () => {
  it('beyond its ends are empty', async () => {
    expect((await api.get('/api/runs/rodd1/steps/each/items?limit=1000')).body.items).toHaveLength(2);
    expect((await api.get(`/api/runs/rodd1/steps/each/items?${cursor(999_999_998)}`)).body).toEqual({
      items: [],
      next: null,
    });
    expect((await api.get('/api/runs/rodd1/steps?under=each[999999999]')).body.items).toEqual([]);
    expect((await api.get('/api/runs/rodd1/value?offset=999999999')).body.next).toBeNull();
    expect((await api.get('/api/runs/rodd1/value?pointer=/__proto__')).body.code).toBe('value.notFound');
  });

  it('are the same as themselves', async () => {
    expect((await api.get('/api/runs/rodd1/compare?with=rodd1')).body).toMatchObject({
      outputDiffers: false,
      steps: [],
    });
    expect((await api.get('/api/runs/rodd1/compare?with=rnone')).body.code).toBe('run.notFound');
  });
});

describe('statistics', () => {
  it('of an empty span are empty', async () => {
    const { body } = await api.get('/api/stats?from=2026-03-01T00:00:00Z&to=2026-03-01T00:00:00Z');
    expect(body).toMatchObject({ from: AT, to: AT, buckets: [], total: { runs: 0, successRate: null, p95Ms: null } });
  });

  it('of the ends of time are empty', async () => {
    for (const span of ['from=0001-01-01T00:00:00Z&to=0001-01-02T00:00:00Z', 'to=9999-12-31T23:59:59Z'])
      expect((await api.get(`/api/stats?by=day&${span}`)).body.total).toMatchObject({ runs: 0 });
  });
});

describe('a workflow', () => {
  const patch = (body: object) => api.send('PATCH', '/api/workflows/odd', body);

  it('keeps each tag once, in any script, and is found by it', async () => {
    const tags = ['größe', '100%', 'größe', '50% off'];
    expect((await patch({ tags })).body.tags).toEqual(expect.arrayContaining(['größe', '100%', '50% off']));
    expect((await api.get('/api/workflows?tag=100%25')).body.items).toHaveLength(1);
    expect((await api.get('/api/workflows?tag=100')).body.items).toEqual([]);
    expect((await patch({ tags: [' a'] })).body.code).toBe('request.invalid');
  });

  it('is found in its folder and those above, and in no other that begins alike', async () => {
    await patch({ folder: 'a_b/c%d' });
    const inFolder = async (folder: string) =>
      (await api.get(`/api/workflows?folder=${encodeURIComponent(folder)}`)).body.items?.length;
    expect([await inFolder('a_b'), await inFolder('a_b/c%d'), await inFolder('a_'), await inFolder('axb')]).toEqual([
      ...[1, 1, 0, 0],
    ]);
    for (const folder of ['/a', 'a/', 'a//b', 'a/ b', '..\u0000'])
      expect((await patch({ folder })).body.code).toBe('request.invalid');
  });

  it('takes preconditions in all their forms', async () => {
    const draft = '/api/workflows/odd/draft';
    const { etag } = (await api.get(draft)).body;
    const put = (headers: Record<string, string>) => api.put(draft, { graph: graphOf('odd', { label: 'x' }) }, headers);
    for (const wrong of ['""', '"x"', 'W/"x", "y"']) expect((await put({ 'if-match': wrong })).status).toBe(412);
    expect((await put({ 'if-match': etag, 'if-none-match': '*' })).status).toBe(412);
    expect((await put({ 'if-none-match': '"x"' })).status).toBe(400);
    expect((await put({ 'if-match': `"x", W/${etag}` })).status).toBe(200);
    expect((await put({ 'if-match': '*' })).status).toBe(200);
  });

  it('merges and compares what is no graph with a clear problem', async () => {
    const merge = (body: object) => api.post('/api/workflows/odd/merge', body);
    for (const mine of [null, '', 'a: [', [], { blok: 1 }])
      expect(await merge({ base: 1, mine })).toMatchObject({ status: 422 });
    expect((await merge({ base: 99, mine: 1 })).status).toBe(404);
    expect((await merge({ base: 1.5, mine: 1 })).status).toBe(400);
    expect((await merge({ base: 1, mine: 1, theirs: 1 })).body).toMatchObject({ clean: true, conflicts: [] });
    expect((await api.get('/api/workflows/odd/diff?from=1&to=99')).status).toBe(404);
    expect((await api.get('/api/workflows/odd/diff?from=draft&to=draft')).body.changes).toEqual([]);
  });

  it('is not copied onto itself', async () => {
    expect((await api.post('/api/workflows/odd/duplicate', { as: 'odd' })).body.code).toBe('workflow.exists');
  });
});
