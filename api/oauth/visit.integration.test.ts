import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RotatingServer, startRotatingServer } from '../../credentials/testing/rotating-server.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
let service: RotatingServer;
let other: RotatingServer;
beforeAll(async () => {
  service = await startRotatingServer();
  other = await startRotatingServer();
});
afterAll(async () => {
  await service?.stop();
  await other?.stop();
});

const put = (name: string, server: RotatingServer, more: object = {}) =>
  api.put(`/api/connections/${name}`, {
    type: 'oauth2',
    hosts: ['127.0.0.1'],
    data: {
      authorizeUrl: `${server.url}/authorize`,
      tokenUrl: `${server.url}/token`,
      revokeUrl: `${server.url}/revoke`,
      clientId: 'blok',
      clientSecret: 'CANARY-client-secret',
      scopes: ['read', 'write'],
      ...more,
    },
  });

/** What a browser does until the service sends it back. */
async function visit(name: string) {
  const begun = await api.post(`/api/connections/${name}/connect`);
  expect(begun.status).toBe(200);
  const path = new URL(begun.body.url).pathname;
  const page = await api.raw(path, { redirect: 'manual' });
  expect(page.status).toBe(302);
  const cookie = page.headers.get('set-cookie')!;
  const address = new URL(page.headers.get('location')!);
  const answer = await fetch(address, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location')!);
  return { path, address, cookie, pair: cookie.split(';')[0]!, back, redirectUri: begun.body.redirectUri as string };
}

/** The browser comes back, with these cookies. */
const comeBack = (back: URL, cookie?: string) =>
  api.get(`${back.pathname}${back.search}`, { ...(cookie !== undefined && { cookie }), accept: 'text/html' });

const stateOf = async (name: string) => (await api.get(`/api/connections/${name}`)).body;

describe('connecting', () => {
  it('goes to the page of the service with PKCE, and gives the connection access', async () => {
    const stored = await put('crm', service);
    expect(stored.body).toMatchObject({
      state: 'reconnect',
      action: expect.stringContaining('connection connect crm'),
    });
    const { address, cookie, pair, back, redirectUri } = await visit('crm');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'read write',
      redirect_uri: redirectUri,
    });
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
    const answer = await comeBack(back, `unrelated=1; ${pair}`);
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('crm')]);
    expect(answer.headers.get('location')).toBeNull();
    expect(await stateOf('crm')).toMatchObject({ state: 'ok', action: null, scopes: ['read', 'write'] });
    expect(answer.text + JSON.stringify(await stateOf('crm')) + api.logged.join('')).not.toMatch(
      /CANARY-(acc|ref|cli)/,
    );
  });

  it('takes an answer once, also from several who try at the same moment', async () => {
    await put('once', service);
    const { pair, back } = await visit('once');
    const answers = await Promise.all(Array.from({ length: 8 }, () => comeBack(back, pair)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(410)]);
    expect((await comeBack(back, pair)).status).toBe(410);
  });

  it('takes no answer from a browser that did not begin, and the one that began can still come back', async () => {
    await put('mine', service);
    const { pair, back } = await visit('mine');
    const strange = await visit('mine');
    expect((await comeBack(back)).status).toBe(404);
    expect((await comeBack(back, strange.pair)).status).toBe(404);
    expect((await comeBack(back, pair.replace(/=.*/, `=${'a'.repeat(43)}`))).status).toBe(404);
    expect(await stateOf('mine')).toMatchObject({ state: 'reconnect' });
    expect((await comeBack(back, pair)).status).toBe(200);
  });

  it('takes no answer after ten minutes, or for a connection that was changed meanwhile', async () => {
    await put('late', service);
    const late = await visit('late');
    await api.store.inside((tx) => tx.db.execute(`update oauth_visit set expires_at = now() - interval '1 second'`));
    expect((await comeBack(late.back, late.pair)).status).toBe(410);
    const changed = await visit('late');
    await put('late', service, { scopes: ['read'] });
    expect((await comeBack(changed.back, changed.pair)).status).toBe(410);
    expect(await stateOf('late')).toMatchObject({ state: 'reconnect' });
  });

  it('takes the answer of one service for no other', async () => {
    await put('honest', service);
    await put('hostile', other);
    const { pair, back } = await visit('hostile');
    const asked = other.asked.length + service.asked.length;
    // The hostile service has sent the browser on to the honest one, which sends it back to its own address.
    const honest = new URL((await visit('honest')).back);
    const mixed = new URL(honest);
    mixed.searchParams.set('state', back.searchParams.get('state')!);
    expect(mixed.pathname).not.toBe(back.pathname);
    expect((await comeBack(mixed, pair)).status).toBe(409);
    // The visit is over.
    expect((await comeBack(back, pair)).status).toBe(410);
    expect(other.asked.length + service.asked.length).toBe(asked);
  });

  it('takes no answer that names another issuer', async () => {
    await put('named', service, { issuer: service.url });
    for (const [iss, status] of [
      ['https://evil.example', 409],
      [service.url, 200],
    ] as const) {
      const { pair, back } = await visit('named');
      back.searchParams.set('iss', iss);
      expect((await comeBack(back, pair)).status).toBe(status);
    }
    await put('unnamed', service);
    const { pair, back } = await visit('unnamed');
    back.searchParams.set('iss', 'https://evil.example');
    expect((await comeBack(back, pair)).status).toBe(409);
  });

  it('leads nowhere else, whatever the addresses say', async () => {
    await put('open', service);
    for (const extra of ['next', 'redirect_uri', 'return_to', 'url']) {
      const { pair, back } = await visit('open');
      back.searchParams.set(extra, 'https://evil.example/');
      const answer = await comeBack(back, pair);
      expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
      expect(answer.text).not.toContain('evil.example');
    }
    for (const path of ['https:%2f%2fevil.example', '..%2f..%2fevil', '%0d%0alocation:x'])
      expect((await api.get(`/api/oauth/begin/${path}`)).status).toBe(404);
  });

  it('shows what the service refuses, and takes the answer of a person who says no', async () => {
    await put('no', service);
    const { pair, back } = await visit('no');
    const refused = new URL(back.pathname, back);
    refused.searchParams.set('state', back.searchParams.get('state')!);
    refused.searchParams.set('error', 'access_denied');
    refused.searchParams.set('error_description', '<script>alert(1)</script>');
    const answer = await comeBack(refused, pair);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('access_denied');
    expect(answer.text).not.toContain('<script>');
  });

  it('begins only for connections that a person connects', async () => {
    await api.put('/api/connections/key', { type: 'token', data: { token: 'secret' } });
    expect((await api.post('/api/connections/key/connect')).body).toMatchObject({ code: 'connection.refused' });
    await put('machine', service, { grant: 'client_credentials' });
    expect((await api.post('/api/connections/machine/connect')).body).toMatchObject({ code: 'connection.refused' });
    expect((await api.post('/api/connections/none/connect')).status).toBe(404);
  });
});

describe('the life of a connection', () => {
  it('is ended by a revocation, at the service and here, and begins again by itself if no person is needed', async () => {
    await put('ended', service);
    const { pair, back } = await visit('ended');
    await comeBack(back, pair);
    expect((await api.post('/api/connections/ended/revoke')).body).toMatchObject({ revoked: true, atService: true });
    expect(await stateOf('ended')).toMatchObject({ state: 'reconnect', action: expect.stringContaining('revoked') });
    expect((await api.post('/api/connections/ended/reconnect')).body).toMatchObject({
      connected: false,
      url: expect.stringContaining('/api/oauth/begin/'),
    });
    await put('again', service, { grant: 'client_credentials' });
    expect((await api.post('/api/connections/again/reconnect')).body).toMatchObject({ connected: true });
    expect((await api.post('/api/connections/again/revoke')).status).toBe(200);
    expect((await api.post('/api/connections/again/test')).body).toMatchObject({ ok: true });
  });

  it('is renewed by `reconnect` without a person if the service gives another token', async () => {
    const asked = service.asked.length;
    expect((await api.post('/api/connections/crm/reconnect')).body).toMatchObject({ connected: true });
    expect(service.asked.slice(asked)).toMatchObject([{ grant_type: 'refresh_token' }]);
  });

  it('keeps its access when a secret is rotated, and lets nothing else be changed that way', async () => {
    const rotated = await api.post('/api/connections/crm/rotate', { data: { clientSecret: 'CANARY-second' } });
    expect(rotated.body).toMatchObject({ state: 'ok' });
    const moved = await api.post('/api/connections/crm/rotate', { data: { tokenUrl: 'https://evil.example/' } });
    expect([moved.status, moved.body.code]).toEqual([422, 'connection.invalid']);
    expect((await api.post('/api/connections/crm/test')).body).toEqual({ ok: true, scopes: ['read', 'write'] });
  });
});
