import { describe, expect, it } from 'vitest';
import { graphOf, useApi } from '../testing/api.ts';

const api = useApi();

describe('variables', () => {
  it('are listed with their origin and what they stand in front of, and removed', async () => {
    await api.put('/api/workflows/w', { graph: graphOf('w', { vars: { a: 1, b: 2, c: 3 } }) });
    await api.put('/api/vars/b', { value: 'shared' });
    await api.put('/api/vars/c', { value: 'shared' });
    await api.put('/api/workflows/w/vars/c', { value: null });
    await api.put('/api/workflows/w/vars/stray', { value: 9 });
    expect((await api.get('/api/vars')).body.items).toMatchObject([
      { name: 'b', value: 'shared' },
      { name: 'c', value: 'shared' },
    ]);
    expect((await api.get('/api/workflows/w/vars')).body.items).toEqual([
      { name: 'a', value: 1, origin: 'graph', declared: true, instead: {}, updatedAt: null },
      {
        name: 'b',
        value: 'shared',
        origin: 'workspace',
        declared: true,
        instead: { graph: 2 },
        updatedAt: expect.any(String),
      },
      {
        ...{ name: 'c', value: null, origin: 'workflow', declared: true, updatedAt: expect.any(String) },
        instead: { graph: 3, workspace: 'shared' },
      },
      { name: 'stray', value: 9, origin: 'workflow', declared: false, instead: {}, updatedAt: expect.any(String) },
    ]);
    expect((await api.send('DELETE', '/api/workflows/w/vars/c')).body).toEqual({ deleted: true });
    expect((await api.send('DELETE', '/api/vars/b')).body).toEqual({ deleted: true });
    expect((await api.get('/api/workflows/w/vars')).body.items.slice(1, 3)).toMatchObject([
      { name: 'b', value: 2, origin: 'graph' },
      { name: 'c', value: 'shared', origin: 'workspace' },
    ]);
    for (const path of ['/api/vars/b', '/api/workflows/w/vars/c'])
      expect(await api.send('DELETE', path)).toMatchObject({ status: 404, body: { code: 'variable.notFound' } });
    expect((await api.get('/api/workflows/nobody/vars')).body.code).toBe('workflow.notFound');
    expect(await (await api.appOf('b').request('/api/vars')).json()).toEqual({ items: [] });
  });
});
