import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();
const patch = (name: string, body: object) => api.send('PATCH', `/api/workflows/${name}`, body);
const publish = (name: string, change: object = {}) =>
  api.put(`/api/workflows/${name}`, { graph: graphOf(name, change) });
const names = async (query: string): Promise<string[]> =>
  (await api.get(`/api/workflows?${query}`)).body.items.map((item: { name: string }) => item.name);

describe('PATCH /api/workflows/:name', () => {
  it('changes label, folder and tags, which new versions leave as they are', async () => {
    await publish('filed', { label: 'Graph' });
    const change = { label: 'Mine', folder: 'billing/eu', tags: ['b', 'a', 'b'] };
    const filed = { label: 'Mine', folder: 'billing/eu', tags: ['a', 'b'] };
    expect(await patch('filed', change)).toMatchObject({ status: 200, body: { name: 'filed', version: 1, ...filed } });
    await publish('filed', { label: 'Other' });
    expect((await api.get('/api/workflows')).body.items).toContainEqual(
      expect.objectContaining({ version: 2, ...filed }),
    );
    expect((await patch('filed', { label: null })).body).toMatchObject({ label: 'Other', tags: ['a', 'b'] });
    expect((await api.get('/api/folders')).body.items).toContainEqual({ folder: 'billing/eu', count: 1 });
    expect((await api.get('/api/tags')).body.items).toContainEqual({ tag: 'a', count: 1 });
  });

  it.each([
    [{}],
    [{ folder: '/a' }],
    [{ folder: 'a//b' }],
    [{ folder: ' a' }],
    [{ folder: 'a/b/c/d/e/f/g/h/i' }],
    [{ tags: [''] }],
    [{ tags: [' a'] }],
    [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }],
    [{ label: 'a\u0000' }],
    [{ owner: 'me' }],
  ])('refuses %j', async (body) => {
    expect((await patch('filed', body)).status).toBe(400);
  });

  it('knows only workflows that exist', async () => {
    expect((await patch('nobody', { label: 'x' })).body.code).toBe('workflow.notFound');
  });
});

describe('GET /api/workflows', () => {
  it('finds by the beginnings of words in name, label, tags, folder and text, by pages', async () => {
    for (const n of [1, 2, 3]) await publish(`find-${n}`, { description: `Sends the Überweisung ${n}` });
    await patch('find-1', { label: 'Quarterly report', tags: ['finance'], folder: 'berlin' });
    expect(await names('search=quart')).toEqual(['find-1']);
    expect(await names('search=FINANCE%20berl')).toEqual(['find-1']);
    expect(await names('search=%C3%BCberw')).toEqual(['find-1', 'find-2', 'find-3']);
    expect(await names('search=kv.set%20find')).toEqual(['find-1', 'find-2', 'find-3']);
    expect(await names('search=nowhere')).toEqual([]);
    expect(await names('search=uarterly')).toEqual([]);
    expect(await names('tag=finance')).toEqual(['find-1']);
    const first = (await api.get('/api/workflows?search=find&limit=2')).body;
    expect(await names(`search=find&limit=2&cursor=${first.next}`)).toEqual(['find-3']);
    expect((await api.get('/api/workflows?cursor=x')).status).toBe(400);
  });

  it('forgets words that a workflow does not say any more, and finds those of its draft', async () => {
    await publish('forget', { description: 'zebra' });
    expect(await names('search=zebra')).toEqual(['forget']);
    await publish('forget', { description: 'giraffe' });
    expect(await names('search=zebra')).toEqual([]);
    await api.put('/api/workflows/forget/draft', { graph: graphOf('forget', { description: 'okapi' }) });
    expect(await names('search=okapi')).toEqual(['forget']);
  });

  it('lists a folder with what is below it, and not its neighbours', async () => {
    for (const [name, folder] of [
      ['in', 'ops'],
      ['below', 'ops/night'],
      ['beside', 'ops-old'],
    ] as const) {
      await publish(`f-${name}`);
      await patch(`f-${name}`, { folder });
    }
    expect(await names('folder=ops')).toEqual(['f-below', 'f-in']);
    expect(await names('folder=ops/night')).toEqual(['f-below']);
    expect(await names('folder=&search=f-')).not.toContain('f-in');
  });
});

describe('an archived workflow', () => {
  it('is not listed, not started, written or published, and comes back as it was', async () => {
    await publish('attic', { triggers: { hook: { uses: 'webhook', with: { verify: 'none' } } } });
    await patch('attic', { tags: ['t'] });
    expect((await patch('attic', { archived: true })).body.archivedAt).toEqual(expect.any(String));
    expect(await names('search=attic')).toEqual([]);
    expect(await names('archived=true')).toEqual(['attic']);
    for (const answer of [
      await api.post('/api/workflows/attic/runs'),
      await publish('attic', { label: 'New' }),
      await api.put('/api/workflows/attic/draft', { graph: graphOf('attic') }),
      await api.post('/api/workflows/attic/rollback', { to: 1 }),
    ])
      expect(answer).toMatchObject({ status: 409, body: { code: 'workflow.archived' } });
    const [hook] = (await api.get('/api/workflows/attic/triggers')).body.items;
    expect(hook).toMatchObject({ id: 'hook', state: 'off' });
    await patch('attic', { archived: false });
    expect(await names('search=attic')).toEqual(['attic']);
    expect((await api.get('/api/workflows/attic/triggers')).body.items[0]).toMatchObject({ state: 'active' });
    expect((await api.post('/api/workflows/attic/runs')).status).toBeLessThan(300);
  });
});

describe('DELETE /api/workflows/:name', () => {
  it('leaves nothing that starts, shows or names it, and keeps its runs', async () => {
    await publish('gone', { triggers: { hook: { uses: 'webhook', with: { verify: 'none' } } } });
    await api.put('/api/workflows/gone/vars/v', { value: 1 });
    await patch('gone', { tags: ['gone'], folder: 'gone' });
    const address = (await api.get('/api/workflows/gone/triggers')).body.items[0].address;
    const run = (await api.post('/api/workflows/gone/runs')).body;
    expect((await api.send('DELETE', '/api/workflows/gone')).body).toEqual({ deleted: true });
    for (const path of ['', '/versions', '/versions/1', '/draft', '/triggers', '/vars', '?version=1'])
      expect([path, (await api.get(`/api/workflows/gone${path}`)).status]).toEqual([path, 404]);
    expect((await api.post('/api/workflows/gone/runs')).status).toBe(404);
    expect((await api.post('/api/workflows/gone/runs', { version: 1 })).status).toBe(404);
    expect((await api.post(new URL(address).pathname)).status).toBe(404);
    expect((await api.get('/api/tags')).body.items).not.toContainEqual({ tag: 'gone', count: 1 });
    expect((await api.send('DELETE', '/api/workflows/gone')).status).toBe(404);
    expect((await api.get(`/api/runs/${run.id}`)).body).toMatchObject({ workflow: 'gone', version: 1 });
  });

  it('begins anew under the same name: old versions stay away, and numbers are not used twice', async () => {
    await publish('anew', { label: 'First' });
    await patch('anew', { label: 'Mine', tags: ['x'] });
    await api.send('DELETE', '/api/workflows/anew');
    expect(await publish('anew', { label: 'Second' })).toMatchObject({ status: 201, body: { version: 2 } });
    expect((await api.get('/api/workflows/anew/versions')).body.items).toMatchObject([{ version: 2 }]);
    expect((await api.get('/api/workflows/anew/versions/1')).status).toBe(404);
    const [entry] = (await api.get('/api/workflows?search=anew')).body.items;
    expect(entry).toMatchObject({ label: 'Second', tags: [], folder: '', archivedAt: null });
  });
});

describe('POST …/duplicate', () => {
  it('copies a workflow as a draft, filed as the original', async () => {
    const yaml = 'blok: 1\nname: original\n# Stays.\nnodes:\n  a: { uses: kv.get, with: { key: k } }\n';
    await api.put('/api/workflows/original', yaml, { 'content-type': 'application/yaml' });
    await patch('original', { tags: ['t'], folder: 'f' });
    const made = await api.post('/api/workflows/original/duplicate', { as: 'copy', label: 'Copy' });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'copy', label: 'Copy', version: null, tags: ['t'], folder: 'f', draft: { differs: true } },
    });
    const draft = (await api.get('/api/workflows/copy/draft')).body;
    expect(draft).toMatchObject({ problems: [], graph: { name: 'copy' }, base: null });
    expect(draft.text).toContain('# Stays.');
    expect((await api.post('/api/workflows/original/duplicate', { as: 'copy' })).body.code).toBe('workflow.exists');
    const both = await Promise.all([1, 2].map(() => api.post('/api/workflows/original/duplicate', { as: 'both' })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await api.post('/api/workflows/nobody/duplicate', { as: 'x' })).status).toBe(404);
  });
});
