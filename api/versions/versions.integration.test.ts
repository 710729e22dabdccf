import { describe, expect, it } from 'vitest';
import { useApi } from '../testing/api.ts';

const api = useApi();
const YAML = { 'content-type': 'application/yaml' };
const textOf = (name: string, value: string | number = 1, more = '') =>
  `blok: 1\nname: ${name}\n${more}# Keeps it.\nnodes:\n  keep: { uses: kv.set, with: { key: k, value: ${value} } }\n`;
const publish = (name: string, text: string, query = '') => api.put(`/api/workflows/${name}${query}`, text, YAML);

describe('GET …/versions', () => {
  it('lists versions, newest first, by pages, with who published them why', async () => {
    for (let n = 1; n <= 5; n += 1) await publish('paged', textOf('paged', n), `?message=No.%20${n}`);
    const first = (await api.get('/api/workflows/paged/versions?limit=2')).body;
    expect(first.items).toMatchObject([
      { version: 5, message: 'No. 5', author: 'owner', isPublished: true },
      { version: 4, isPublished: false },
    ]);
    const second = (await api.get(`/api/workflows/paged/versions?limit=2&cursor=${first.next}`)).body;
    const third = (await api.get(`/api/workflows/paged/versions?limit=2&cursor=${second.next}`)).body;
    expect([...second.items, ...third.items].map(({ version }: { version: number }) => version)).toEqual([3, 2, 1]);
    expect(third.next).toBeNull();
    expect((await api.get('/api/workflows/paged/versions?cursor=nonsense')).status).toBe(400);
    expect((await api.get('/api/workflows/nobody/versions')).status).toBe(404);
  });

  it('returns one as data or as YAML', async () => {
    await publish('one', textOf('one'));
    expect((await api.get('/api/workflows/one/versions/1')).body).toMatchObject({ version: 1, graph: { name: 'one' } });
    for (const [query, headers] of [
      ['?format=yaml', {}],
      ['', { accept: 'application/yaml' }],
    ] as const) {
      const yaml = await api.get(`/api/workflows/one/versions/1${query}`, headers);
      expect(yaml.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
      expect(yaml.text).toBe(textOf('one'));
    }
    const absent = await api.get('/api/workflows/one/versions/2');
    expect(absent).toMatchObject({ status: 404, body: { code: 'version.notFound' } });
  });

  it('keeps the newest text of the published version, although only comments have changed', async () => {
    await publish('words', textOf('words'));
    const same = await publish('words', textOf('words', 1, '# Another word.\n'));
    expect(same).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await api.get('/api/workflows/words')).body.text).toContain('# Another word.');
    await publish('words', textOf('words', 2));
    expect((await api.get('/api/workflows/words?version=1')).body.text).toBe(textOf('words'));
    expect((await api.get('/api/workflows/words')).body.text).toBe(textOf('words', 2));
  });

  it('keeps comments when the graph is published as an object', async () => {
    await publish('obj', textOf('obj'));
    const { graph } = (await api.get('/api/workflows/obj')).body;
    await api.put('/api/workflows/obj', { graph: { ...graph, label: 'Object' }, message: 'Label' });
    const now = (await api.get('/api/workflows/obj')).body;
    expect(now).toMatchObject({ version: 2, message: 'Label', graph: { label: 'Object' } });
    expect(now.text).toContain('# Keeps it.');
  });
});

describe('PUT with If-Match', () => {
  it('publishes only upon the version that the caller has seen', async () => {
    const made = await publish('seen', textOf('seen'));
    expect(made.headers.get('etag')).toBe((await api.get('/api/workflows/seen')).headers.get('etag'));
    const etag = made.headers.get('etag')!;
    const send = (value: number, headers: Record<string, string>) =>
      api.put('/api/workflows/seen', textOf('seen', value), { ...YAML, ...headers });
    const both = await Promise.all([send(2, { 'if-match': etag }), send(3, { 'if-match': etag })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 412]);
    const lost = both.find(({ status }) => status === 412)!;
    expect(lost.body).toMatchObject({ code: 'version.changed', current: { name: 'seen', version: 2 } });
    expect((await send(4, { 'if-none-match': '*' })).status).toBe(412);
  });
});

describe('GET …/diff', () => {
  it('compares versions and the draft, as data, text and Mermaid', async () => {
    await publish('diff', textOf('diff', 1));
    await publish('diff', textOf('diff', 2));
    const path = '/nodes/keep/with/value';
    const data = await api.get('/api/workflows/diff/diff?from=1&to=2');
    expect(data.body).toMatchObject({ from: 1, to: 2, diff: 1, changes: [{ path, before: 1, after: 2 }] });
    expect((await api.get('/api/workflows/diff/diff')).body.code).toBe('draft.notFound');
    await api.put('/api/workflows/diff/draft', textOf('diff', 3), YAML);
    expect((await api.get('/api/workflows/diff/diff')).body.changes).toMatchObject([{ path, before: 2, after: 3 }]);
    const text = await api.get('/api/workflows/diff/diff?format=text');
    expect(text.text).toContain('2 → 3');
    expect((await api.get('/api/workflows/diff/diff?format=mermaid')).text).toMatch(/^flowchart/);
    expect((await api.get('/api/workflows/diff/diff?from=9&to=2')).status).toBe(404);
    expect((await api.get('/api/workflows/diff/diff?from=x')).status).toBe(400);
  });

  it('compares a workflow that was never published with nothing', async () => {
    await api.put('/api/workflows/new/draft', textOf('new'), YAML);
    const { changes } = (await api.get('/api/workflows/new/diff')).body;
    expect(changes).toContainEqual(expect.objectContaining({ what: 'node', change: 'added', path: '/nodes/keep' }));
  });
});

describe('POST …/rollback', () => {
  it('publishes an earlier version again, as a new one, with its text and triggers', async () => {
    const hook = 'triggers:\n  hook: { uses: webhook, with: { verify: none } }\n';
    await publish('back', textOf('back', 1, hook));
    await publish('back', textOf('back', 2));
    expect((await api.get('/api/workflows/back/triggers')).body.items).toEqual([]);
    const answer = await api.post('/api/workflows/back/rollback', { to: 1 });
    expect(answer).toMatchObject({ status: 201, body: { version: 3 } });
    const now = (await api.get('/api/workflows/back')).body;
    expect(now).toMatchObject({ version: 3, message: 'Back to version 1.', text: textOf('back', 1, hook) });
    expect((await api.get('/api/workflows/back/triggers')).body.items).toMatchObject([{ id: 'hook' }]);
    expect(await api.post('/api/workflows/back/rollback', { to: 1 })).toMatchObject({
      status: 200,
      body: { version: 3 },
    });
    expect((await api.post('/api/workflows/back/rollback', { to: 9 })).body.code).toBe('version.notFound');
    const stale = await api.post('/api/workflows/back/rollback', { to: 2 }, { 'if-match': '"v2"' });
    expect(stale).toMatchObject({ status: 412, body: { current: { version: 3 } } });
  });
});

describe('POST …/merge', () => {
  it('merges the draft with what somebody else has made of the same version', async () => {
    await publish('merge', textOf('merge'));
    await api.put('/api/workflows/merge/draft', textOf('merge', 1, 'label: Theirs\n'), YAML);
    const clean = await api.post('/api/workflows/merge/merge', { mine: textOf('merge', 2) });
    expect(clean).toMatchObject({ status: 200, body: { clean: true, conflicts: [], graph: { label: 'Theirs' } } });
    expect(clean.body.graph.nodes.keep.with.value).toBe(2);
    expect(clean.body.text).toContain('# Keeps it.');
    const clash = await api.post('/api/workflows/merge/merge', { mine: textOf('merge', 1, 'label: Mine\n') });
    expect(clash.body).toMatchObject({ clean: false, conflicts: [{ path: '/label', mine: 'Mine', theirs: 'Theirs' }] });
    expect(clash.body.text).toContain('<<<<<<< mine');
  });

  it('takes versions, objects and texts for each side, and says which is no graph', async () => {
    await publish('sides', textOf('sides', 1));
    await publish('sides', textOf('sides', 2));
    const { graph } = (await api.get('/api/workflows/sides?version=1')).body;
    const mine = { ...graph, label: 'Object' };
    const merged = await api.post('/api/workflows/sides/merge', { base: 1, mine, theirs: 2 });
    expect(merged.body).toMatchObject({ clean: true, graph: { label: 'Object' } });
    expect(merged.body.graph.nodes.keep.with.value).toBe(2);
    const bad = await api.post('/api/workflows/sides/merge', { base: 1, mine: 'nodes: [', theirs: 2 });
    expect(bad).toMatchObject({
      status: 422,
      body: { code: 'graph.invalid', detail: expect.stringContaining('mine') },
    });
    expect((await api.post('/api/workflows/sides/merge', { mine: 1 })).body.code).toBe('draft.notFound');
    expect((await api.post('/api/workflows/sides/merge', {})).status).toBe(400);
  });
});
