import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();
const YAML = { 'content-type': 'application/yaml' };

/** A graph as text, with a comment. */
const textOf = (name: string, value = '1') =>
  `blok: 1\nname: ${name}\n# What it keeps.\nnodes:\n  keep: { uses: kv.set, with: { key: k, value: ${value} } } # here\n`;

const at = (name: string) => `/api/workflows/${name}/draft`;
const put = (name: string, text: string, headers: Record<string, string> = {}) =>
  api.put(at(name), text, { ...YAML, ...headers });
const match = (etag: string | null) => ({ 'if-match': etag ?? '' });
const edit = (name: string, commands: object[], headers: Record<string, string> = {}) =>
  api.send('PATCH', at(name), { commands }, headers);

describe('PUT and GET …/draft', () => {
  it('keeps the text, comments included, beside the graph', async () => {
    const made = await put('kept', textOf('kept'));
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: 'kept',
        text: textOf('kept'),
        problems: [],
        base: null,
        published: null,
        differs: true,
        author: 'owner',
      },
    });
    expect(made.body.graph.nodes.keep.with).toEqual({ key: 'k', value: 1 });
    const got = await api.get(at('kept'));
    expect(got.body).toEqual(made.body);
    expect(got.headers.get('etag')).toBe(made.body.etag);
    expect((await api.get('/api/workflows')).body.items).toContainEqual(
      expect.objectContaining({ name: 'kept', version: null, draft: expect.objectContaining({ differs: true }) }),
    );
    expect((await api.get('/api/workflows/kept')).status).toBe(404);
  });

  it('stores what has problems, and what is no graph at all, and says what is wrong', async () => {
    const odd = await put('odd', 'blok: 1\nname: odd\nnodes:\n  a: { uses: kv.nope }\n');
    expect(odd).toMatchObject({ status: 201, body: { problems: [{ code: 'unknown-type', line: 4 }] } });
    const broken = await put('odd', 'nodes: [', match(odd.body.etag));
    expect(broken).toMatchObject({ status: 200, body: { graph: null, text: 'nodes: [', differs: true } });
    expect(broken.body.problems.length).toBeGreaterThan(0);
    const other = await put('odd', textOf('other'), match(broken.body.etag));
    expect(other.body.problems).toMatchObject([{ code: 'name-differs', path: '/name' }]);
    const strange = await put('odd', 'a\\b \\u0000 \ud83d\ude00', match(other.body.etag));
    expect((await api.get(at('odd'))).body.text).toBe(strange.body.text);
    expect((await put('odd', `# ${'x'.repeat(1_100_000)}`, match(strange.body.etag))).status).toBe(413);
  });

  it('refuses to change a draft unseen: 428 without If-Match, 412 with an old one, both with the draft that is there', async () => {
    const first = await put('seen', textOf('seen', '1'));
    const second = await put('seen', textOf('seen', '2'), match(first.body.etag));
    expect(second.status).toBe(200);
    const unseen = await put('seen', textOf('seen', '3'));
    expect(unseen).toMatchObject({
      status: 428,
      body: { code: 'draft.unmatched', current: { text: textOf('seen', '2') } },
    });
    const old = await put('seen', textOf('seen', '3'), match(first.body.etag));
    expect(old).toMatchObject({ status: 412, body: { code: 'draft.changed', current: { etag: second.body.etag } } });
    expect((await put('seen', textOf('seen', '3'), { 'if-none-match': '*' })).status).toBe(412);
    expect((await put('seen', textOf('seen', '3'), match('*'))).status).toBe(200);
    const gone = await put('never', textOf('never'), match(first.body.etag));
    expect(gone).toMatchObject({ status: 412, body: { current: null } });
    expect((await api.get('/api/workflows')).body.items.map((i: { name: string }) => i.name)).not.toContain('never');
  });

  it('takes the same text again, because an answer may have been lost', async () => {
    const first = await put('again', textOf('again', '1'));
    const second = await put('again', textOf('again', '2'), match(first.body.etag));
    const repeated = await put('again', textOf('again', '2'), match(first.body.etag));
    expect(repeated).toMatchObject({ status: 200, body: { etag: second.body.etag } });
  });

  it('lets one of two writers win who send at the same time, and shows the other one what won', async () => {
    const { etag } = (await put('race', textOf('race', '0'))).body;
    const values = ['1', '2', '3', '4', '5', '6'];
    const answers = await Promise.all(values.map((value) => put('race', textOf('race', value), match(etag))));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const lost of answers.filter((answer) => answer !== won[0]))
      expect(lost).toMatchObject({ status: 412, body: { current: { text: won[0]!.body.text } } });
    const fresh = await Promise.all(values.map((value) => put('fresh', textOf('fresh', value))));
    expect(fresh.map(({ status }) => status).sort()).toEqual([201, 428, 428, 428, 428, 428]);
  });

  it('changes the text that is there if a graph comes as an object, so that its comments stay', async () => {
    const first = await put('object', textOf('object'));
    const graph = { ...first.body.graph, label: 'Object' };
    const second = await api.put(at('object'), { graph }, match(first.body.etag));
    expect(second.body.text).toContain('# What it keeps.');
    expect(second.body.graph).toEqual(graph);
    const made = await api.put(at('plain'), { graph: graphOf('plain') });
    expect(made).toMatchObject({
      status: 201,
      body: { graph: graphOf('plain'), text: expect.stringMatching(/^blok: 1\n/) },
    });
  });

  it('shows nobody else a draft', async () => {
    await put('mine', textOf('mine'));
    expect((await api.appOf('b').request(at('mine'))).status).toBe(404);
  });
});

describe('PATCH …/draft', () => {
  it('applies commands to the text, all of them or none', async () => {
    const made = await put('edit', textOf('edit'));
    const node = { uses: 'kv.get', needs: ['keep'], with: { key: 'k' } };
    const commands = [
      { do: 'addNode', id: 'look', node },
      { do: 'renameNode', id: 'keep', to: 'store' },
    ];
    const edited = await edit('edit', commands, match(made.body.etag));
    expect(edited.status).toBe(200);
    expect(edited.body.graph.nodes.look.needs).toEqual(['store']);
    expect(edited.body.text).toContain('# here');
    const bad = await edit(
      'edit',
      [
        { do: 'removeNode', id: 'look' },
        { do: 'removeNode', id: 'nope' },
      ],
      match(edited.body.etag),
    );
    expect(bad).toMatchObject({ status: 422, body: { code: 'edit.refused', problems: [{ code: 'unknown-node' }] } });
    expect((await api.get(at('edit'))).body.etag).toBe(edited.body.etag);
    expect((await edit('edit', commands, match(made.body.etag))).status).toBe(412);
    expect((await edit('edit', commands)).status).toBe(428);
  });

  it.each([
    [[]],
    [[{ do: 'explode' }]],
    [[{ do: 'batch', commands: [] }]],
    [[{ do: 'addNode', id: 'x' }]],
    [[{ do: 'addNode', id: 'x', node: 5 }]],
    [[{ do: 'removeNode', id: 'x', more: 1 }]],
    [[{ do: 'wrapNodes', ids: 'a', id: 'x', container: {} }]],
    [Array.from({ length: 201 }, () => ({ do: 'removeNode', id: 'x' }))],
  ])('refuses %j', async (commands) => {
    expect((await edit('nothing', commands)).status).toBe(400);
  });

  it.each([
    [{ do: 'addNode', id: '__proto__', node: { uses: 'kv.get' } }],
    [{ do: 'addNode', body: '/nodes/x/__proto__', id: 'x', node: { uses: 'kv.get' } }],
    [{ do: 'setParameter', path: '/nodes/keep/with/__proto__/a', value: 1 }],
    [{ do: 'setParameter', path: 'nodes', value: 1 }],
    [{ do: 'setParameter', path: '/nodes', value: 'text' }],
    [{ do: 'addNode', id: 'x', node: { uses: { a: 1 } } }],
    [{ do: 'addNodes', nodes: { x: { needs: 'keep' } } }],
    [{ do: 'wrapNodes', ids: ['keep'], id: 'x', container: { uses: 5 } }],
    [{ do: 'moveNodes', ids: ['keep'], to: '/nodes/keep' }],
    [{ do: 'addTrigger', id: 'keep', trigger: { uses: 'call' } }],
  ])('answers %j with a problem, never with a failure of the server', async (command) => {
    await put('hard', textOf('hard'));
    const answer = await edit('hard', [command], match('*'));
    expect([200, 422]).toContain(answer.status);
  });

  it('begins a draft from what is published', async () => {
    await api.put('/api/workflows/begun', textOf('begun'), YAML);
    const begun = await edit('begun', [{ do: 'setParameter', path: '/label', value: 'Begun' }]);
    expect(begun).toMatchObject({ status: 201, body: { base: 1, published: 1, differs: true } });
    expect(begun.body.text).toContain('# What it keeps.');
    expect((await edit('nobody', [{ do: 'removeNode', id: 'x' }])).status).toBe(404);
  });
});

describe('DELETE …/draft', () => {
  it('discards the draft that the caller has seen, and a workflow that was never published with it', async () => {
    await api.put('/api/workflows/drop', textOf('drop'), YAML);
    const made = await put('drop', textOf('drop', '2'));
    expect((await api.send('DELETE', at('drop'))).status).toBe(428);
    expect((await api.send('DELETE', at('drop'), undefined, match('"x"'))).status).toBe(412);
    expect((await api.send('DELETE', at('drop'), undefined, match(made.body.etag))).body).toEqual({ deleted: true });
    expect((await api.get(at('drop'))).status).toBe(404);
    expect((await api.get('/api/workflows/drop')).status).toBe(200);
    const only = await put('only', textOf('only'));
    await api.send('DELETE', at('only'), undefined, match(only.body.etag));
    expect((await api.get('/api/workflows')).body.items.map((i: { name: string }) => i.name)).not.toContain('only');
    expect((await put('only', textOf('only'))).status).toBe(201);
  });
});

describe('POST …/publish', () => {
  const publish = (name: string, body: object = {}, headers: Record<string, string> = {}) =>
    api.post(`/api/workflows/${name}/publish`, body, headers);

  it('publishes the draft with its text, a message and an author; the draft stays', async () => {
    const made = await put('pub', textOf('pub'));
    const published = await publish('pub', { message: 'First' }, match(made.body.etag));
    expect(published).toMatchObject({ status: 201, body: { name: 'pub', version: 1, warnings: [] } });
    expect((await api.get('/api/workflows/pub/versions/1')).body).toMatchObject({
      ...{ version: 1, message: 'First', author: 'owner', text: textOf('pub'), hash: published.body.hash },
    });
    expect((await api.get(at('pub'))).body).toMatchObject({
      base: 1,
      published: 1,
      differs: false,
      etag: made.body.etag,
    });
    expect(await publish('pub', {}, match(made.body.etag))).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('refuses a draft that has errors, that the caller has not seen, or that follows another version', async () => {
    const bad = await put('refuse', 'blok: 1\nname: refuse\nnodes:\n  a: { uses: kv.nope }\n');
    expect(await publish('refuse')).toMatchObject({ status: 422, body: { problems: [{ code: 'unknown-type' }] } });
    const good = await put('refuse', textOf('refuse'), match(bad.body.etag));
    expect(await publish('refuse', {}, match(bad.body.etag))).toMatchObject({
      status: 412,
      body: { code: 'draft.changed', current: { etag: good.body.etag } },
    });
    await api.put('/api/workflows/refuse', textOf('refuse', '9'), YAML);
    expect(await publish('refuse', { onto: null })).toMatchObject({
      status: 412,
      body: { code: 'version.changed', current: { version: 1 } },
    });
    expect((await publish('refuse', { onto: 1 })).status).toBe(201);
    expect((await publish('nothing')).status).toBe(404);
  });

  it('publishes what it has checked, and nothing that is written meanwhile', async () => {
    for (let round = 0; round < 8; round += 1) {
      const name = `while-${round}`;
      const made = await put(name, textOf(name, '1'));
      const [published, saved] = await Promise.all([
        publish(name, {}, match(made.body.etag)),
        put(name, textOf(name, '2'), match(made.body.etag)),
      ]);
      expect(saved.status).toBe(200);
      if (published.status === 201) expect((await api.get(`/api/workflows/${name}`)).body.text).toBe(textOf(name, '1'));
      else expect(published).toMatchObject({ status: 412, body: { current: { text: textOf(name, '2') } } });
      expect((await api.get(at(name))).body.text).toBe(textOf(name, '2'));
    }
  });

  it('leaves a workflow that is deleted meanwhile either deleted, or never published', async () => {
    for (let round = 0; round < 8; round += 1) {
      const name = `gone-${round}`;
      const made = await put(name, textOf(name));
      const [published, deleted] = await Promise.all([
        publish(name, {}, match(made.body.etag)),
        api.send('DELETE', `/api/workflows/${name}`),
      ]);
      expect(deleted.status).toBe(200);
      expect([201, 404, 412]).toContain(published.status);
      expect((await api.get(`/api/workflows/${name}`)).status).toBe(404);
      expect((await api.get(at(name))).status).toBe(404);
    }
  });

  it('makes one version of a draft that is published twice at once', async () => {
    const made = await put('twice', textOf('twice'));
    const answers = await Promise.all([1, 2, 3].map(() => publish('twice', {}, match(made.body.etag))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect((await api.get('/api/workflows/twice/versions')).body.items).toHaveLength(1);
  });
});
