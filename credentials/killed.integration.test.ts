import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getConnection } from '../db/index.ts';
import { failure } from '../integrations/testing/run-node.ts';
import { beginVisit, endVisit, pageOf } from './index.ts';
import { letIn, type OidcServer, startOidcServer } from './testing/oidc-server.ts';
import { useCredentials } from './testing/world.ts';

const PROGRAM = fileURLToPath(new URL('./testing/renewing.ts', import.meta.url));

const world = useCredentials();
const { publicUrl } = world;
const workspace = 'a';
const back = (url: string) => `${publicUrl}/api/oauth/callback/${new URL(url).host.replace(':', '-')}`;
let rotating: OidcServer;
let keeping: OidcServer;
beforeAll(async () => {
  rotating = await startOidcServer(back);
  keeping = await startOidcServer(back, { rotates: false });
});
afterAll(async () => {
  await rotating?.stop();
  await keeping?.stop();
});

/** A connection that a person has connected, whose token has ended. */
async function connected(name: string, server: OidcServer): Promise<void> {
  await world.put(name, {
    ...{ authorizeUrl: `${server.url}/auth`, tokenUrl: `${server.url}/token`, issuer: server.url },
    ...{ scopes: 'openid offline_access read', authorizeParams: { prompt: 'consent' } },
  });
  const deps = world.process();
  const { ticket, redirectUri } = await beginVisit(deps, { workspace, name, publicUrl });
  const { address } = await pageOf(deps, { workspace, ticket, publicUrl });
  const answer = await letIn(address, redirectUri);
  const named = decodeURIComponent(answer.pathname.split('/').at(-1)!);
  await endVisit(deps, { workspace, server: named, tickets: [ticket], parameters: answer.searchParams, publicUrl });
  world.pass(3_600);
}

/** A process of its own that asks for the next token, and is killed in the middle of that. */
async function killedWhile(name: string, server: OidcServer, when: 'before' | 'after'): Promise<void> {
  let child: ChildProcess | undefined;
  server.interrupt = { when, by: () => void child!.kill('SIGKILL') };
  child = fork(PROGRAM, [JSON.stringify({ url: world.store.url(), name, clockMs: world.clockMs() })]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  expect(server.interrupt).toBeNull();
}

const asked = (server: OidcServer) => server.called.filter((call) => call === 'POST /token').length;
const isGood = async (server: OidcServer, token: unknown) =>
  (await fetch(`${server.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status === 200;
const stateOf = async (name: string) => (await world.store.inside((tx) => getConnection(tx, { name })))!.grant!;

/** The lease of the process that was killed ends. */
const endLease = (name: string) =>
  world.store.inside(async (tx) => {
    const { rowCount } = await tx.db.execute(
      sql`update oauth_grant set lease_until = now() where connection = ${name} and lease_until > now()`,
    );
    expect(rowCount).toBe(1);
  });

/** Another process wants the token, waits as long as the lease of the dead one, and then gets one. */
async function next(name: string, server: OidcServer): Promise<unknown> {
  const before = asked(server);
  const opening = world.credentials().open(world.at(name));
  opening.catch(() => undefined);
  const first = await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
  expect([first, asked(server)]).toEqual(['waits', before]);
  await endLease(name);
  return (await opening).data.accessToken;
}

describe('a process that is killed while it renews a token', () => {
  it.each([
    ['a server whose refresh tokens rotate', () => rotating],
    ['one whose refresh tokens stay', () => keeping],
  ])('before %s has done it is followed by another that gets a token', async (what, server) => {
    const name = what.startsWith('a') ? 'early-rotating' : 'early-keeping';
    await connected(name, server());
    await killedWhile(name, server(), 'before');
    expect(await isGood(server(), await next(name, server()))).toBe(true);
    expect(await stateOf(name)).toMatchObject({ state: 'ok', error: null });
  });

  it('after the server has done it is followed by another, if the refresh token is still good', async () => {
    await connected('late-keeping', keeping);
    await killedWhile('late-keeping', keeping, 'after');
    expect(await isGood(keeping, await next('late-keeping', keeping))).toBe(true);
    expect(await stateOf('late-keeping')).toMatchObject({ state: 'ok', error: null });
  });

  it('after a server has done it that forgives nothing leaves a person to help, and nobody asks again', async () => {
    await connected('late-rotating', rotating);
    await killedWhile('late-rotating', rotating, 'after');
    const before = asked(rotating);
    const error = await failure(next('late-rotating', rotating));
    expect(error).toMatchObject({ code: 'connection.expired', retryable: false });
    expect(error.message).toContain('blok connection connect late-rotating');
    // The token was tried once, because some services forgive that, and never again.
    expect(asked(rotating)).toBe(before + 1);
    expect(await failure(world.credentials().open(world.at('late-rotating')))).toMatchObject({
      code: 'connection.expired',
    });
    expect(asked(rotating)).toBe(before + 1);
  });
});
