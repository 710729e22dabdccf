import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getConnection, putConnection, withWorkspace } from '../db/index.ts';
import { findConnectionType } from '../integrations/index.ts';
import { createNetwork } from '../integrations/network/network.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { type GraphWorker, startGraphWorker } from '../worker/testing/graph-worker.ts';
import { resultOf, startTestWorker, type TestWorker } from '../worker/testing/worker.ts';
import { beginVisit, type CredentialDeps, endVisit, pageOf, prepare } from './index.ts';
import { type RotatingServer, startRotatingServer } from './testing/rotating-server.ts';
import { KEYRING } from './testing/world.ts';

const workspace = 'default';
const publicUrl = 'http://127.0.0.1:4400';
const allowHosts = ['127.0.0.0/8'];
const network = createNetwork({ allow: allowHosts });

describeWith(['temporal'], 'steps on two workers', () => {
  let test: TestWorker;
  let second: GraphWorker;
  let server: RotatingServer;
  let service: Server;
  let url: string;
  /** The tokens with which the service was called. */
  let used: string[] = [];

  beforeAll(async () => {
    server = await startRotatingServer();
    service = createServer((request, response) => {
      const token = (request.headers.authorization ?? '').replace('Bearer ', '');
      used.push(token);
      response.writeHead(server.accepted.has(token) ? 200 : 401, { 'content-type': 'application/json' });
      // Services show what they were sent.
      response.end(JSON.stringify({ token, ok: server.accepted.has(token) }));
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/orders`;
    test = await startTestWorker({ allowHosts });
    const { databaseUrl, taskQueue } = test;
    second = await startGraphWorker({ address: sharedTemporal().address, databaseUrl, taskQueue, allowHosts });
    await put();
  });
  afterAll(async () => {
    await second?.dispose();
    await test?.dispose();
    await server?.stop();
    service?.close();
    await network.close();
  });

  const put = async () => {
    const type = findConnectionType('oauth2')!;
    const hosts = ['127.0.0.1'];
    const data = type.fields.parse({
      ...{ authorizeUrl: `${server.url}/authorize`, tokenUrl: `${server.url}/token` },
      ...{ clientId: 'blok', clientSecret: 'CANARY-client-secret', scopes: 'read' },
    }) as Record<string, unknown>;
    await withWorkspace(test.database, workspace, async (tx) => {
      await putConnection(tx, { name: 'crm', type: 'oauth2', data, hosts, keyring: KEYRING });
      await prepare(tx, type, { name: 'crm', data, hosts });
    });
  };

  /** Connects the connection, as a person would, some time ago. */
  const connect = async (agoMs: number) => {
    const now = () => Date.now() - agoMs;
    const deps: CredentialDeps = {
      database: test.database,
      keyring: KEYRING,
      network,
      findType: findConnectionType,
      now,
    };
    const { ticket } = await beginVisit(deps, { workspace, name: 'crm', publicUrl });
    const { address } = await pageOf(deps, { workspace, ticket, publicUrl });
    const back = new URL((await fetch(address, { redirect: 'manual' })).headers.get('location')!);
    const named = decodeURIComponent(back.pathname.split('/').at(-1)!);
    await endVisit(deps, { workspace, server: named, tickets: [ticket], parameters: back.searchParams, publicUrl });
    server.asked.length = 0;
    used = [];
  };

  const fifty = `
blok: 1
name: fifty
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input.items }}", concurrency: 50 }
    nodes:
      call: { uses: http.request, connection: crm, with: { url: "\${{ input.url }}" } }
`;
  const one = (more = '') => `
blok: 1
name: one
nodes:
  call: { uses: http.request, connection: crm, with: { url: "\${{ input.url }}" }${more} }
output: "\${{ nodes.call.body }}"
`;
  const items = Array.from({ length: 50 }, (_, index) => index);

  it('that meet an expired token make one refresh, and no token enters a history', async () => {
    await connect(7_200_000);
    const handle = await test.start(fifty, { input: { items, url } });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    expect([used.length, new Set(used).size]).toEqual([50, 1]);
    expect(server.asked.map(({ grant_type }) => grant_type)).toEqual(['refresh_token']);
    const history = JSON.stringify(await handle.fetchHistory());
    const decoded = history.replace(/[A-Za-z0-9+/=]{24,}/g, (text) => Buffer.from(text, 'base64').toString());
    expect(decoded).toContain('[secret]');
    expect(decoded).not.toContain('CANARY');
  });

  it('whose token the service refuses make one refresh, and repeat their request once', async () => {
    await connect(0);
    server.accepted.clear();
    const handle = await test.start(fifty, { input: { items, url } });
    expect(await resultOf(handle)).toMatchObject({ status: 'succeeded' });
    expect(server.asked).toHaveLength(1);
    expect(new Set(used).size).toBe(2);
    expect(used.length).toBeLessThanOrEqual(100);
  });

  it('whose access was revoked fail with what must be done, or wait until somebody connects the connection', async () => {
    await connect(7_200_000);
    server.faults.push('revoked');
    const failed = await resultOf(await test.start(one(), { input: { url } }));
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'connection.expired', message: expect.stringContaining('blok connection connect crm') },
    });
    const shown = await withWorkspace(test.database, workspace, (tx) => getConnection(tx, { name: 'crm' }));
    expect(shown).toMatchObject({ grant: { state: 'reconnect' }, lastUsedAt: expect.any(String) });
    const waiting = await test.start(one(', onExpired: wait, retry: { maxAttempts: 1 }'), { input: { url } });
    const looked = async () =>
      ((await waiting.fetchHistory()).events ?? []).some(
        ({ timerStartedEventAttributes }) => timerStartedEventAttributes,
      );
    await expect.poll(looked, { timeout: 20_000 }).toBe(true);
    expect(used).toEqual([]);
    await connect(0);
    expect(await resultOf(waiting)).toMatchObject({ status: 'succeeded', output: { ok: true } });
  });
});
