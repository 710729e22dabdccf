import { afterAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../cli/client.ts';
import { cli } from '../../cli/testing/harness.ts';
import { addProviders } from '../../integrations/catalog.ts';
import { defineNode, defineProvider } from '../../integrations/define.ts';
import { fakeProvider } from '../../integrations/testing/fake-provider/provider.ts';
import { useApi } from '../testing/api.ts';

const TOKEN = 'a-secret-token-of-a-user';
const sheets = await fakeProvider({
  state: () => ({ names: ['orders', 'orders of May', 'people'] }),
  authorize: ({ headers }) =>
    headers.authorization === `Bearer ${TOKEN}`
      ? null
      : { status: 401, body: { error: `${headers.authorization} is not known` } },
  routes: {
    'GET /sheets': ({ query }, { names }) => ({ body: names.filter((name) => name.includes(query.get('q') ?? '')) }),
    'GET /columns': ({ query }) => ({ body: [`${query.get('sheet')}-id`, 'amount'] }),
  },
});
afterAll(() => sheets.close());
beforeEach(() => sheets.reset());

const authorization = (connection: { data: Readonly<Record<string, unknown>> } | null) => ({
  headers: { authorization: `Bearer ${connection?.data.token}` },
});
const addRow = defineNode({
  ...{
    type: 'sheet.addRow',
    version: '1.0.0',
    title: 'Add a row',
    description: 'Adds a row.',
    effect: 'at-least-once',
  },
  connection: { type: 'token', required: true },
  input: z.strictObject({ sheet: z.string(), fields: z.record(z.string(), z.unknown()) }),
  output: z.object({}),
  timeout: '1m',
  retry: { maxAttempts: 1, delay: '1s', factor: 1, maxDelay: '1s', attemptTimeout: '10s' },
  examples: [{ title: 'One', with: { sheet: 'orders', fields: {} } }],
  options: {
    sheet: async (ctx, { search }) => {
      const answer = await ctx.fetch(`${sheets.base}/sheets?q=${search}`, authorization(ctx.connection));
      if (!answer.ok) throw new Error(await answer.text());
      const names = (await answer.json()) as string[];
      return { items: names.map((name) => ({ value: name, label: name })), next: null };
    },
  },
  fields: async (ctx, { sheet }) => {
    const answer = await ctx.fetch(`${sheets.base}/columns?sheet=${sheet}`, authorization(ctx.connection));
    const names = (await answer.json()) as string[];
    return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
  },
  run: async () => ({}),
});
addProviders([defineProvider({ id: 'sheet', title: 'Sheets', nodes: [addRow], connections: [] })]);

const api = useApi();
const connect = (name: string, token: string) =>
  api.put(`/api/connections/${name}`, { type: 'token', data: { token }, hosts: ['127.0.0.1'] });
const options = (body: object) => api.post('/api/node-types/sheet.addRow/options', { parameter: 'sheet', ...body });

it('choices come from the provider with the connection of the node, and are kept for a moment', async () => {
  await connect('mine', TOKEN);
  const all = await options({ connection: 'mine' });
  expect(all).toMatchObject({ status: 200, body: { next: null } });
  expect(all.body.items.map(({ value }: { value: string }) => value)).toEqual(['orders', 'orders of May', 'people']);
  await options({ connection: 'mine' });
  expect(sheets.requests).toHaveLength(1);
  expect((await options({ connection: 'mine', search: 'May' })).body.items).toEqual([
    { value: 'orders of May', label: 'orders of May' },
  ]);
});

it('choices that another secret sees are not shown to this one, and a refusal shows no secret', async () => {
  await connect('changed', TOKEN);
  expect((await options({ connection: 'changed' })).status).toBe(200);
  await connect('changed', 'another-secret-of-a-user');
  const refused = await options({ connection: 'changed' });
  expect(refused).toMatchObject({ status: 502, body: { code: 'options.failed' } });
  expect(refused.text).not.toContain('another-secret');
});

it('the fields of a node follow from its other parameters; expressions are left out', async () => {
  await connect('mine', TOKEN);
  const fields = (given: object) =>
    api
      .post('/api/node-types/sheet.addRow/fields', { connection: 'mine', with: given })
      .then(({ body }) => body.schema);
  expect(Object.keys((await fields({ sheet: 'orders' })).properties)).toEqual(['orders-id', 'amount']);
  expect(Object.keys((await fields({ sheet: '${{ input.sheet }}' })).properties)).toEqual(['undefined-id', 'amount']);
});

it('says what is missing', async () => {
  await connect('mine', TOKEN);
  await api.put('/api/connections/mail', { type: 'http-bearer', data: { token: 'x'.repeat(20) }, hosts: ['a.test'] });
  expect((await options({ connection: 'none' })).body.code).toBe('connection.notFound');
  expect((await options({ connection: 'mail' })).body.code).toBe('connection.refused');
  expect((await options({ connection: 'mine', parameter: 'fields' })).body.code).toBe('options.none');
  expect((await api.post('/api/node-types/no.such/options', { parameter: 'a' })).body.code).toBe('nodeType.notFound');
});

it('the command line shows them', async () => {
  await connect('mine', TOKEN);
  const send = ((url: URL, init: RequestInit) => api.app().request(url.pathname + url.search, init)) as typeof fetch;
  const client = createClient({ baseUrl: 'http://localhost', fetch: send });
  const run = (...argv: string[]) => cli(['nodes', ...argv, '--connection', 'mine'], { client });
  expect((await run('options', 'sheet.addRow', 'sheet', '--search', 'May')).out).toContain('orders of May');
  expect((await run('fields', 'sheet.addRow', '--with', '{"sheet":"people"}')).out).toContain('people-id');
  expect((await run('fields', 'sheet.addRow', '--with', '[]')).code).toBe(2);
});
