import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getConnection, openGrant } from '../db/index.ts';
import { failure } from '../integrations/testing/run-node.ts';
import { beginVisit, createCredentials, endAccess, endVisit, pageOf } from './index.ts';
import { letIn, type OidcServer, startOidcServer } from './testing/oidc-server.ts';
import { KEYRING, useCredentials } from './testing/world.ts';

const world = useCredentials();
let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer(
    (url) => `${world.publicUrl}/api/oauth/callback/${new URL(url).host.replace(':', '-')}`,
  );
});
afterAll(() => server?.stop());

const { publicUrl } = world;
const workspace = 'a';
const put = (name: string, more: object = {}) =>
  world.put(name, {
    authorizeUrl: `${server.url}/auth`,
    tokenUrl: `${server.url}/token`,
    revokeUrl: `${server.url}/token/revocation`,
    issuer: server.url,
    scopes: 'openid offline_access read',
    authorizeParams: { prompt: 'consent' },
    rotates: true,
    ...more,
  });

async function connect(name: string): Promise<void> {
  const deps = world.process();
  const { ticket, redirectUri } = await beginVisit(deps, { workspace, name, publicUrl });
  const { address } = await pageOf(deps, { workspace, ticket, publicUrl });
  const back = await letIn(address, redirectUri);
  expect(back.searchParams.get('iss')).toBe(server.url);
  const named = decodeURIComponent(back.pathname.split('/').at(-1)!);
  await endVisit(deps, { workspace, server: named, tickets: [ticket], parameters: back.searchParams, publicUrl });
}

const asked = () => server.called.filter((call) => call === 'POST /token').length;

describe('with a real authorization server', () => {
  it('a person lets a connection in, with PKCE; 50 steps of two processes renew it once', async () => {
    await put('ada');
    await connect('ada');
    world.pass(3_600);
    const before = asked();
    const all = [world.credentials(), world.credentials()];
    const opened = await Promise.all(Array.from({ length: 50 }, (_, index) => all[index % 2]!.open(world.at('ada'))));
    expect(new Set(opened.map(({ data }) => data.accessToken)).size).toBe(1);
    expect(asked() - before).toBe(1);
    // It rotates: the next renewal uses the token that came with the last one.
    world.pass(3_600);
    await all[1]!.open(world.at('ada'));
    expect(asked() - before).toBe(2);
  });

  it('a lost answer is asked for again at once; a server that forgives nothing then ends the access, and nobody tries again', async () => {
    await put('lost');
    await connect('lost');
    world.pass(3_600);
    server.loseAnswers = 1;
    const before = asked();
    const credentials = world.credentials();
    expect(await failure(credentials.open(world.at('lost')))).toMatchObject({ code: 'connection.expired' });
    expect(asked() - before).toBe(2);
    expect(await failure(credentials.open(world.at('lost')))).toMatchObject({ code: 'connection.expired' });
    expect(asked() - before).toBe(2);
    const shown = await world.store.inside((tx) => getConnection(tx, { name: 'lost' }));
    expect(shown?.grant).toMatchObject({ state: 'reconnect', error: expect.stringContaining('invalid_grant') });
  });

  it('a code is good for one exchange, and a revoked access for none', async () => {
    await put('ended');
    await connect('ended');
    const deps = world.process();
    const held = await world.store.inside((tx) => openGrant(tx, { connection: 'ended', keyring: KEYRING }));
    expect(held!.tokens).toMatchObject({ refreshToken: expect.any(String) });
    expect(await endAccess(deps, world.at('ended'))).toBeNull();
    expect(server.called).toContain('POST /token/revocation');
    const { refreshToken } = held!.tokens as { refreshToken: string };
    const answer = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('blok:CANARY-client-secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('a connection needs no person with a secret of its own', async () => {
    await put('machine', { grant: 'client_credentials', scopes: 'read' });
    expect((await createCredentials(world.process()).open(world.at('machine'))).data.accessToken).toBeDefined();
  });
});
