import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNetwork } from '../network/network.ts';
import { failure } from '../testing/run-node.ts';
import { exchangeCode, minted, refreshed } from './ask.ts';
import { authorizeAddress } from './authorize.ts';
import { filledIn, type OAuthProvider, type OAuthUse, placesOf, serverName } from './provider.ts';
import { oauthProviders } from './providers.ts';
import { standardAnswer } from './token-body.ts';
import { isFresh, type Tokens, tokensOf } from './tokens.ts';

const provider: OAuthProvider = { tokenUrl: 'https://a.example/token', scopes: [], clientAuth: 'post' };
const answer = (body: object, status = 200, more: Partial<OAuthProvider> = {}) =>
  standardAnswer(status, body as never, { ...provider, ...more });

describe('answers of token endpoints', () => {
  it.each([
    ['no token_type', { access_token: 't' }],
    ['a type of its own', { access_token: 't', token_type: 'bot' }],
    ['a life as text', { access_token: 't', expires_in: '3600' }, { expires_in: 3600 }],
    ['a life of milliseconds', { access_token: 't', expires_in: 1_764_309_600_000_000 }, { expires_in: 315_360_000 }],
    ['a life of half a second', { access_token: 't', expires_in: 0.5 }, { expires_in: 1 }],
    ['a life of nothing', { access_token: 't', expires_in: 0 }, {}],
    ['an empty refresh token', { access_token: 't', refresh_token: '' }, {}],
    ['scopes as a list', { access_token: 't', scope: ['a', 'b'] }, { scope: 'a b' }],
    ['an identity', { access_token: 't', id_token: 'x.y.z' }, {}],
  ])('with %s are understood', (_, body, more: object = {}) => {
    expect(answer(body)).toEqual({ status: 200, body: { access_token: 't', token_type: 'bearer', ...more } });
  });

  it('take the tokens from where they are', () => {
    const slack = {
      ok: true,
      access_token: 'bot',
      authed_user: { id: 'U1', access_token: 'user', scope: 'chat:write' },
    };
    expect(answer(slack, 200, { tokensIn: 'authed_user' }).body).toMatchObject({ access_token: 'user' });
  });

  it.each([
    ['200 and ok: false', 200, { ok: false, error: 'invalid_refresh_token' }, ['invalid_refresh_token']],
    ['200 and an error', 200, { error: 'bad_verification_code' }, ['bad_verification_code']],
    ['403', 403, { error: 'invalid_grant' }, []],
  ])('that refuse with %s are refusals', (_, status, body, grantErrors) => {
    expect(answer(body, status, { grantErrors })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

it('the words of a refusal are found where services write them', () => {
  expect(answer({ error: { message: 'Session expired.', code: 190 } }, 400).body).toEqual({
    error: 'invalid_response',
    error_description: 'Session expired.',
  });
});

describe('tokens', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const before: Tokens = {
    accessToken: 'a',
    refreshToken: 'r',
    obtainedAt: '',
    expiresAt: null,
    scopes: ['x'],
    kept: { instance_url: 'https://own.example' },
  };

  it('keep what an answer leaves out', () => {
    expect(tokensOf({ access_token: 'b' }, provider, before, now)).toMatchObject({
      ...{ accessToken: 'b', refreshToken: 'r', scopes: ['x'], expiresAt: null },
      kept: { instance_url: 'https://own.example' },
    });
    const keeps = ['team.id', 'constructor.name'];
    const slack = { access_token: 'b', team: { id: 'T1' } };
    expect(tokensOf(slack, { ...provider, keeps }, null, now).kept).toEqual({ 'team.id': 'T1' });
  });

  it.each([
    [3600, 3600 - 301, true],
    [3600, 3600 - 220, false],
    [60, 40, true],
    [60, 50, false],
    [60, 61, false],
  ])('of a life of %i s are fresh after %i s: %s', (life, after, fresh) => {
    const tokens = tokensOf({ access_token: 'a', expires_in: life }, provider, null, now);
    for (const spread of [0, 0.5, 1]) expect(isFresh(tokens, provider, now + after * 1000, spread)).toBe(fresh);
  });

  it('without an end are fresh until they are refused', () => {
    expect(isFresh(before, provider, now * 2, 0)).toBe(true);
  });
});

describe('known services', () => {
  it.each(Object.entries(oauthProviders))('%s have addresses with TLS, and a name of their own', (_, known) => {
    const whole = filledIn(known, { domain: 'own.example', tenant: 'common' });
    for (const url of [whole.authorizeUrl, whole.tokenUrl, whole.revokeUrl ?? whole.tokenUrl])
      expect(new URL(url!).protocol).toBe('https:');
    expect(placesOf(whole)).toEqual([]);
    expect(serverName(whole)).toMatch(/^[\w.-]+$/);
  });

  it('are sent to with what they need, and never without what protects', () => {
    const use = (known: OAuthProvider): OAuthUse => ({
      grant: 'authorization_code',
      provider: { ...known, scopes: ['a', 'b'] },
      client: { id: 'blok' },
    });
    const visit = { state: 's', verifier: 'v'.repeat(43), redirectUri: 'http://127.0.0.1/x' };
    const google = new URL(authorizeAddress(use(oauthProviders.google), visit)).searchParams;
    expect(Object.fromEntries(google)).toMatchObject({ access_type: 'offline', prompt: 'consent', scope: 'a b' });
    expect(google.get('code_challenge_method')).toBe('S256');
    const slack = new URL(authorizeAddress(use(oauthProviders.slack), visit)).searchParams;
    expect([slack.get('scope'), slack.get('code_challenge'), slack.get('state')]).toEqual(['a,b', null, 's']);
  });
});

describe('a request to a token endpoint', () => {
  let server: Server;
  let url: string;
  let asked: { headers: Record<string, unknown>; body: string }[];
  let reply: { status?: number; body: string; type?: string; location?: string };
  const network = createNetwork({ allow: ['127.0.0.1'] });
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      asked.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      const { status = 200, type = 'application/json', location } = reply;
      response.writeHead(status, { 'content-type': type, ...(location && { location }) }).end(reply.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  });
  afterAll(async () => {
    server.close();
    await network.close();
  });
  beforeEach(() => {
    asked = [];
    reply = { body: JSON.stringify({ access_token: 't', expires_in: 60 }) };
  });

  const asking = (more: Partial<OAuthProvider> = {}, change: Partial<OAuthUse> = {}) => ({
    network,
    now: Date.now,
    use: {
      grant: 'client_credentials' as const,
      provider: { ...provider, tokenUrl: url, ...more },
      client: { id: 'blok', secret: 'CANARY-secret' },
      ...change,
    },
  });
  const before = { refreshToken: 'CANARY-refresh' } as Tokens;

  it('carries the secret as the service wants it', async () => {
    await minted(asking());
    expect(new URLSearchParams(asked[0]!.body).get('client_secret')).toBe('CANARY-secret');
    await minted(asking({ clientAuth: 'basic', body: 'json' }));
    expect(asked[1]!.headers.authorization).toMatch(/^Basic /);
    expect(JSON.parse(asked[1]!.body)).toEqual({ grant_type: 'client_credentials' });
  });

  it('is signed by the key of the connection, if it has one', async () => {
    for (const { publicKey, privateKey } of [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ]) {
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const client = { id: 'svc', privateKey: pem, subject: 'ada@acme.example' };
      await minted(asking({ scopes: ['a'] }, { grant: 'jwt_bearer', client }));
      const parameters = new URLSearchParams(asked.at(-1)!.body);
      expect(parameters.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
      const [head = '', claims = '', signature = ''] = parameters.get('assertion')!.split('.');
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
      expect(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
        ...{ iss: 'svc', sub: 'ada@acme.example', aud: url, scope: 'a' },
      });
    }
  });

  it.each([
    ['a page of an error', { status: 503, body: '<html>' }, 'oauth.unavailable', true],
    ['too many requests', { status: 429, body: '' }, 'oauth.unavailable', true],
    ['something else', { status: 200, body: '<html>' }, 'oauth.answer', false],
    ['a redirect', { status: 302, body: '', location: 'http://169.254.169.254/' }, 'oauth.answer', false],
    ['no token', { status: 200, body: '{}' }, 'oauth.answer', false],
    ['too much', { status: 200, body: `"${'x'.repeat(70_000)}"` }, 'oauth.answer', false],
    ['a refused client', { status: 401, body: '{"error":"invalid_client"}' }, 'oauth.refused', false],
    ['an ended grant', { status: 400, body: '{"error":"invalid_grant"}' }, 'oauth.grant', false],
  ])('that is answered with %s fails as it should', async (_, given, code, retryable) => {
    reply = given;
    expect(await failure(refreshed(asking(), before))).toMatchObject({ code, retryable });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['JSON that is called a form', 'application/x-www-form-urlencoded', '{"access_token":"t"}'],
    ['a form that is called a text', 'text/plain', 'access_token=t&scope=a'],
    ['a form', 'application/x-www-form-urlencoded; charset=utf-8', 'access_token=t'],
    ['JSON with a byte order mark', 'application/json', '\ufeff{"access_token":"t"}'],
    ['a life that no calendar knows', 'application/json', '{"access_token":"t","expires_in":1e300}'],
  ])('that is answered with %s gives the tokens', async (_, type, body) => {
    reply = { type, body };
    expect(await refreshed(asking(), before)).toMatchObject({ accessToken: 't', refreshToken: 'CANARY-refresh' });
  });

  it('that is answered with a redirect gives no tokens, whatever its body is', async () => {
    reply = { status: 302, body: '{"access_token":"t"}', location: 'https://a.example/' };
    expect((await failure(refreshed(asking(), before))).code).toBe('oauth.refused');
  });

  it('shows no secret in its errors, also if the service sends one back', async () => {
    const said = { error: 'invalid_request', error_description: 'CANARY-secret CANARY-refresh CANARY-code' };
    reply = { status: 400, body: JSON.stringify(said) };
    const errors = [
      await failure(refreshed(asking(), before)),
      await failure(
        exchangeCode(asking({ authorizeUrl: 'https://a.example/' }), {
          ...{ parameters: new URLSearchParams({ code: 'CANARY-code', state: 's' }), state: 's' },
          ...{ verifier: 'v'.repeat(43), redirectUri: 'http://127.0.0.1/x' },
        }),
      ),
    ];
    for (const { message, details } of errors) expect(message + JSON.stringify(details ?? '')).toContain('[secret]');
    expect(errors[0]!.message).not.toMatch(/CANARY-(secret|refresh)/);
    expect(errors[1]!.message).not.toMatch(/CANARY-(secret|code)/);
  });

  it('goes out through the guard', async () => {
    const closed = createNetwork({ allow: [] });
    expect(await failure(minted({ ...asking(), network: closed }))).toMatchObject({ code: 'network.forbidden' });
    await closed.close();
    expect(asked).toEqual([]);
  });
});
