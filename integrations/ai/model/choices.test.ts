import { afterAll, beforeEach, expect, it } from 'vitest';
import { loadChoices } from '../../choices/load.ts';
import { fakeProvider } from '../../testing/fake-provider/provider.ts';
import { failure, fakeContext } from '../../testing/run-node.ts';
import { generate } from '../generate.ts';

const ids = Array.from({ length: 130 }, (_, at) => `model-${String(at).padStart(3, '0')}`);
const server = await fakeProvider({
  state: () => ({}),
  authorize: ({ headers }) =>
    /good-key/.test(JSON.stringify(headers)) ? null : { status: 401, body: { error: { message: 'No such key.' } } },
  routes: {
    'GET /openai/models': () => ({
      body: { object: 'list', data: ids.toReversed().map((id) => ({ id, object: 'model' })) },
    }),
    'GET /anthropic/v1/models': () => ({
      body: { data: [{ id: 'claude-9', display_name: 'Claude 9' }], has_more: false },
    }),
    'GET /gemini/v1/models': () => ({ body: { models: [{ name: 'models/gemini-9', displayName: 'Gemini 9' }] } }),
    'GET /odd/models': () => ({ body: { data: [{ id: 7 }] } }),
  },
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const choices = (
  type: string,
  { path = type, apiKey = 'good-key', search = '', cursor = null as string | null } = {},
) => {
  const connection = { name: 'model', type, data: { apiKey, baseUrl: `${server.base}/${path}` }, hosts: [] };
  return loadChoices(fakeContext({ connection }), generate, 'model', { search, cursor, input: {} });
};

it('the choices of a model are those of the server, page by page, and by what is searched', async () => {
  const first = await choices('openai');
  expect(first.items.map(({ value }) => value)).toEqual(ids.slice(0, 100));
  const second = await choices('openai', { cursor: first.next });
  expect(second).toEqual({ items: ids.slice(100).map((id) => ({ value: id, label: id })), next: null });
  expect((await choices('openai', { search: 'EL-12' })).items).toHaveLength(10);
});

it.each([
  ['anthropic', [{ value: 'claude-9', label: 'Claude 9' }]],
  ['gemini', [{ value: 'gemini-9', label: 'Gemini 9' }]],
])('%s lists its models, too', async (type, items) => {
  expect(await choices(type)).toEqual({ items, next: null });
});

it('a refused key and an odd answer are errors that an author can read', async () => {
  expect((await failure(choices('openai', { apiKey: 'bad' }))).message).toContain('No such key.');
  expect((await failure(choices('openai', { path: 'odd' }))).message).toContain('GET /models');
});
