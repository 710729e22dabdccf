import { expect, it } from 'vitest';
import type { Graph } from '../../graph/document/types.ts';
import { graphOf, useApi } from '../testing/api.ts';
import { usesIn } from './uses.ts';

const api = useApi();

it('finds every place of a graph that names a connection', () => {
  const crm = { connection: 'crm' };
  const graph = {
    blok: 1,
    name: 'many',
    triggers: { feed: { uses: 'rss.newItem', ...crm }, other: { uses: 'rss.newItem', connection: 'crm2' } },
    nodes: {
      a: { uses: 'http.request', ...crm, compensate: { uses: 'http.request', ...crm } },
      wait: { uses: 'approval', notify: { uses: 'email.send', ...crm } },
      desk: {
        uses: 'ai.agent',
        ...crm,
        with: {
          tools: { pay: { approval: { notify: { uses: 'email.send', ...crm } } } },
          mcp: [{ url: 'https://a.example' }, { url: 'https://b.example', ...crm }],
        },
        nodes: { pay: { uses: 'http.request', ...crm } },
      },
      t: {
        uses: 'try',
        nodes: { b: { uses: 'http.request', ...crm } },
        catch: { nodes: { c: { uses: 'http.request', ...crm } } },
        finally: { nodes: { d: { uses: 'http.request', connection: 'else' } } },
      },
    },
  } as unknown as Graph;
  expect(usesIn(graph, 'crm').map(({ path }) => path)).toEqual([
    '/triggers/feed',
    '/nodes/a',
    '/nodes/a/compensate',
    '/nodes/wait/notify',
    '/nodes/desk',
    '/nodes/desk/with/mcp/1',
    '/nodes/desk/with/tools/pay/approval/notify',
    '/nodes/desk/nodes/pay',
    '/nodes/t/nodes/b',
    '/nodes/t/catch/nodes/c',
  ]);
});

it('lists the published workflows that use a connection, and none that only mention its name', async () => {
  await api.put('/api/connections/crm', { type: 'token', data: { token: 'secret' } });
  const feed = { uses: 'rss.newItem', connection: 'crm', with: { url: 'https://a.example/feed' } };
  await api.put('/api/workflows/uses-it', graphOf('uses-it', { triggers: { feed } }));
  await api.put('/api/workflows/names-it', graphOf('names-it', { label: '"connection":"crm"' }));
  const { body } = await api.get('/api/connections/crm/uses');
  expect(body).toMatchObject({ complete: true, items: [] });
  expect((await api.get('/api/connections/none/uses')).status).toBe(404);
});
