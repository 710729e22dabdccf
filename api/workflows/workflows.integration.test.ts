import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

describe('PUT /api/workflows/:name', () => {
  it('publishes a graph, keeps a version whose graph is the same, and makes a new one when it differs', async () => {
    const first = await api.put('/api/workflows/hello', { graph: graphOf('hello') });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      name: 'hello',
      version: 1,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      publishedAt: expect.any(String),
      warnings: [],
    });
    // The position of a node is not part of the hash.
    const moved = graphOf('hello', { nodes: { keep: { ...graphOf('hello').nodes.keep, position: { x: 1, y: 2 } } } });
    const again = await api.put('/api/workflows/hello', { graph: moved });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    const next = await api.put('/api/workflows/hello', { graph: graphOf('hello', { label: 'Hello' }) });
    expect(next).toMatchObject({ status: 201, body: { version: 2 } });
    expect((await api.get('/api/workflows')).body.items).toContainEqual(
      expect.objectContaining({ name: 'hello', label: 'Hello', version: 2, publishedAt: next.body.publishedAt }),
    );
    expect((await api.get('/api/workflows/hello?version=1')).body).toMatchObject({
      name: 'hello',
      version: 1,
      graph: graphOf('hello'),
    });
    expect((await api.get('/api/workflows/hello')).body).toMatchObject({ version: 2, graph: { label: 'Hello' } });
  });

  it('takes the document itself, as YAML or as JSON', async () => {
    const yaml = 'blok: 1\nname: doc\nnodes:\n  keep: { uses: kv.set, with: { key: k, value: 1 } }\n';
    expect((await api.put('/api/workflows/doc', yaml, { 'content-type': 'application/yaml' })).status).toBe(201);
    const asJson = { blok: 1, name: 'doc', nodes: { keep: { uses: 'kv.set', with: { key: 'k', value: 1 } } } };
    expect((await api.put('/api/workflows/doc', asJson)).status).toBe(200);
    expect((await api.put('/api/workflows/doc', { graph: yaml })).status).toBe(200);
  });

  it('shows warnings, and refuses them only if `strict` is set', async () => {
    const odd = graphOf('odd', { vars: { host: 'https://api.example.com' } });
    const warning = { severity: 'warning', code: 'placeholder', path: '/vars/host' };
    expect((await api.put('/api/workflows/odd', { graph: odd })).body.warnings).toMatchObject([warning]);
    const refused = await api.put('/api/workflows/odd?strict=true', { graph: odd });
    expect(refused).toMatchObject({ status: 422, body: { code: 'graph.invalid', problems: [warning] } });
    expect((await api.put('/api/workflows/odd?strict=yes', { graph: odd })).status).toBe(400);
    const verdict = { valid: true, problems: [warning] };
    expect(await api.post('/api/validate', { graph: odd })).toMatchObject({ status: 200, body: verdict });
    expect((await api.post('/api/validate?strict=true', { graph: odd })).body.valid).toBe(false);
    const broken = await api.post('/api/validate', { graph: 'blok: 1\nname: x\nnodes: { a: { uses: kv.nope } }' });
    expect(broken).toMatchObject({
      status: 200,
      body: { valid: false, problems: [{ severity: 'error', code: 'unknown-type', line: 3 }] },
    });
  });

  it('answers 422 with every problem, its place and its line', async () => {
    const yaml =
      'blok: 1\nname: bad\nnodes:\n  a: { uses: kv.nope }\n  b: { uses: kv.get, needs: [ghost], with: { key: x } }\n';
    const answer = await api.put('/api/workflows/bad', yaml, { 'content-type': 'application/yaml' });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: 'https://blok.dev/problems/graph.invalid',
      status: 422,
      code: 'graph.invalid',
      title: expect.any(String),
    });
    const lines = answer.body.problems.map((p: { path: string; line: number }) => [p.path.slice(0, 8), p.line]);
    expect(lines).toContainEqual(['/nodes/a', 4]);
    expect(lines).toContainEqual(['/nodes/b', 5]);
    expect((await api.get('/api/workflows/bad')).status).toBe(404);
  });

  it('refuses a graph of another name, a schema that cannot be used, and a connection that is not there', async () => {
    expect((await api.put('/api/workflows/other', { graph: graphOf('hello') })).body.problems).toMatchObject([
      { path: '/name' },
    ]);
    const lookAround = graphOf('s', {
      input: { type: 'object', properties: { n: { type: 'string', pattern: '(?=x)' } } },
    });
    const answer = await api.put('/api/workflows/s', { graph: lookAround });
    expect(answer.body).toMatchObject({
      code: 'graph.invalid',
      problems: [{ path: '/input/properties/n', code: 'bad-schema' }],
    });
  });
});

describe('GET /api/workflows', () => {
  it('shows no other workspace', async () => {
    await api.put('/api/workflows/mine', { graph: graphOf('mine') });
    const theirs = api.appOf('b');
    expect(await (await theirs.request('/api/workflows')).json()).toEqual({ items: [], next: null });
    const foreign = await theirs.request('/api/workflows/mine');
    const unknown = await theirs.request('/api/workflows/never');
    expect(foreign.status).toBe(404);
    // Byte for byte the answer to an unknown name, apart from the name and the request's id.
    const body = (text: string) => text.replace(/urn:request:[\w-]+/, '').replaceAll('mine', 'never');
    expect(body(await foreign.text())).toBe(body(await unknown.text()));
  });
});
