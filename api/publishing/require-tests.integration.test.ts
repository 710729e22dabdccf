import { afterEach, describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();
afterEach(() => api.send('PATCH', '/api/workspace', { requireTests: false }));

const GRAPH = graphOf('tested', {
  nodes: { a: { uses: 'set', with: { value: '${{ input.n * 2 }}' } } },
  output: '${{ nodes.a }}',
});
const testsOf = (output: number) => `cases: [{ name: doubles, input: { n: 2 }, expect: { output: ${output} } }]`;
const publish = (body: object) => api.put('/api/workflows/tested', { graph: GRAPH, ...body });

describe('publishing with tests', () => {
  it('needs none, unless the workspace says so', async () => {
    expect((await publish({})).status).toBe(201);
    expect((await api.get('/api/workspace')).body).toMatchObject({ requireTests: false });
    expect((await api.send('PATCH', '/api/workspace', { requireTests: true })).body).toMatchObject({
      requireTests: true,
    });
    expect(await publish({})).toMatchObject({ status: 422, body: { code: 'tests.missing' } });
    expect((await publish({ tests: testsOf(4) })).status).toBe(200);
  });

  it('is refused if they fail, cannot be read, or are none', async () => {
    const failing = await publish({ tests: testsOf(5) });
    expect(failing).toMatchObject({
      status: 422,
      body: { code: 'tests.failed', detail: expect.stringContaining('doubles') },
    });
    for (const tests of ['cases: []', 'cases: [', 'nonsense'])
      expect((await publish({ tests })).body.code).toBe('tests.failed');
  });

  it('holds for drafts, too', async () => {
    await api.put('/api/workflows/tested/draft', { graph: GRAPH });
    const draft = (body: object) => api.post('/api/workflows/tested/publish', body);
    expect((await draft({ tests: testsOf(5) })).body.code).toBe('tests.failed');
    await api.send('PATCH', '/api/workspace', { requireTests: true });
    expect((await draft({})).body.code).toBe('tests.missing');
    expect((await draft({ tests: testsOf(4) })).status).toBeLessThan(300);
  });
});
