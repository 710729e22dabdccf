import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { anthropic } from '../anthropic/connection.ts';
import type { ConnectionType } from '../define-connection.ts';
import { gemini } from '../gemini/connection.ts';
import { createNetwork } from '../network/network.ts';
import { openai } from '../openai/connection.ts';
import { fakeProvider } from '../testing/fake-provider/provider.ts';

const server = await fakeProvider({
  state: () => ({}),
  routes: { '* /*': () => ({ body: { data: [], models: [] } }) },
});
const network = createNetwork({ allow: ['127.0.0.1'] });
afterAll(() => Promise.all([server.close(), network.close()]));

const OF_OTHERS = 'of-the-operator';
beforeEach(() => {
  server.reset();
  for (const name of ['OPENAI', 'ANTHROPIC'])
    vi.stubEnv(
      `${name}_CUSTOM_HEADERS`,
      `x-gateway-key: ${OF_OTHERS}\nauthorization: ${OF_OTHERS}\nx-api-key: ${OF_OTHERS}`,
    );
  for (const name of [
    'OPENAI_ORG_ID',
    'OPENAI_PROJECT_ID',
    'OPENAI_ADMIN_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'GEMINI_API_KEY',
  ])
    vi.stubEnv(name, OF_OTHERS);
  vi.stubEnv('GOOGLE_GENAI_API_VERSION', OF_OTHERS);
});
afterEach(() => void vi.unstubAllEnvs());

it.each<[string, ConnectionType]>([
  ['openai', openai as unknown as ConnectionType],
  ['anthropic', anthropic as unknown as ConnectionType],
  ['gemini', gemini as unknown as ConnectionType],
])('requests to %s carry nothing from the environment of the worker', async (_, type) => {
  const data = type.fields.parse({ baseUrl: server.base, apiKey: 'sk-of-the-connection' });
  const signal = new AbortController().signal;
  expect(await type.test!({ network, signal, hosts: [] }, data)).toMatchObject({ ok: true });
  const [{ headers, path }] = server.requests as [(typeof server.requests)[number]];
  expect(`${path} ${JSON.stringify(headers)}`).not.toContain(OF_OTHERS);
  expect(JSON.stringify(headers)).toContain('sk-of-the-connection');
});

it('a server without a key gets none', async () => {
  const data = openai.fields.parse({ baseUrl: server.base });
  const signal = new AbortController().signal;
  expect(await openai.test!({ network, signal, hosts: [] }, data)).toMatchObject({ ok: true });
  expect(server.requests[0]?.headers.authorization).toBeUndefined();
});
