import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenConnection } from '../context.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { oauth2 } from './oauth2.ts';
import { useOf } from './oauth2-fields.ts';
import { request } from './request.ts';
import { type RecordingServer, recordingServer } from './testing/recording-server.ts';

const minimal = { tokenUrl: 'https://a.example/token', authorizeUrl: 'https://a.example/authorize', clientId: 'blok' };
const problems = (data: object): string[] =>
  oauth2.fields.safeParse(data).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the fields of an OAuth 2.0 connection', () => {
  it('may name a known service, or describe another one', () => {
    expect(problems(minimal)).toEqual([]);
    expect(problems({ provider: 'google', clientId: 'blok' })).toEqual([]);
    expect(problems({ clientId: 'blok' }).join()).toMatch(/tokenUrl: is needed/);
    expect(problems({ provider: 'salesforce', clientId: 'blok' }).join()).toMatch(/domain: is needed/);
  });

  it.each([
    ['http', { tokenUrl: 'http://a.example/token' }],
    ['a user in the address', { tokenUrl: 'https://a:b@a.example/token' }],
    ['another protocol', { authorizeUrl: 'javascript:alert(1)' }],
    ['a domain that is an address', { provider: 'salesforce', domain: 'a.example/x?' }],
    ['parameters that Blok writes', { authorizeParams: { redirect_uri: 'https://evil.example' } }],
    ['no secret for client_credentials', { grant: 'client_credentials' }],
    ['no key for jwt_bearer', { grant: 'jwt_bearer' }],
  ])('do not take %s', (_, change) => {
    expect(problems({ ...minimal, ...change })).not.toEqual([]);
  });

  it('go before what is known of a service', () => {
    const own = { provider: 'google', clientId: 'blok', tokenUrl: 'http://127.0.0.1:1/token', scopes: 'a b' };
    const use = useOf(oauth2.fields.parse({ ...own, authorizeParams: { prompt: 'none' } }));
    expect(use.provider).toMatchObject({
      tokenUrl: 'http://127.0.0.1:1/token',
      authorizeUrl: expect.stringContaining('accounts.google.com'),
      scopes: ['a', 'b'],
      authorizeParams: { access_type: 'offline', prompt: 'none' },
    });
    const tenant = useOf(oauth2.fields.parse({ provider: 'microsoft', clientId: 'blok' })).provider;
    expect(tenant.tokenUrl).toBe('https://login.microsoftonline.com/common/oauth2/v2.0/token');
  });
});

describe('a request with an access token', () => {
  let server: RecordingServer;
  let accepted: string;
  let renewals: number;
  beforeAll(async () => {
    server = await recordingServer((asked, response) => {
      response.statusCode = asked.headers.authorization === `Bearer ${accepted}` ? 200 : 401;
      response.end('{}');
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    renewals = 0;
    server.seen.length = 0;
  });

  const connection = (accessToken: string, next?: string): OpenConnection => ({
    ...{ name: 'crm', type: 'oauth2', data: { accessToken }, hosts: ['127.0.0.1'] },
    ...(next !== undefined && {
      renew: async () => {
        renewals += 1;
        return connection(next, 'third-token');
      },
    }),
  });
  const call = (opened: OpenConnection, method: 'GET' | 'POST' = 'POST') =>
    runNode(request, fakeContext({ connection: opened }), { method, url: `${server.base}/orders` });

  it('sends it to the hosts of the connection, and nowhere else', async () => {
    accepted = 'first-token';
    expect((await call(connection('first-token'))).status).toBe(200);
    const away = { ...connection('first-token'), hosts: ['api.acme.example'] };
    expect(await failure(call(away))).toMatchObject({ code: 'connection.host' });
    expect(server.seen).toHaveLength(1);
  });

  it('that is refused is sent once more with another, and not again', async () => {
    accepted = 'second-token';
    expect((await call(connection('first-token', 'second-token'))).status).toBe(200);
    expect([renewals, server.seen.length]).toEqual([1, 2]);
    accepted = 'none';
    expect(await failure(call(connection('first-token', 'second-token')))).toMatchObject({ code: 'http.401' });
    expect([renewals, server.seen.length]).toEqual([2, 4]);
  });

  it('that is refused fails if there is no other token', async () => {
    accepted = 'none';
    expect(await failure(call(connection('first-token')))).toMatchObject({ code: 'http.401' });
    expect(server.seen).toHaveLength(1);
  });
});
