import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenConnection } from '../context.ts';
import { createNetwork } from '../network/network.ts';
import { testCertificate } from '../testing/certificate.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { headerFields } from './connection-fields.ts';
import { exchange } from './exchange.ts';
import { request } from './request.ts';
import { bearer, json, type RecordingServer, recordingServer } from './testing/recording-server.ts';

let server: RecordingServer;
let other: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
  other = await recordingServer((_, res) => json(res, { other: true }));
});
beforeEach(() => {
  server.reset();
  other.reset();
});
afterAll(async () => {
  await server.close();
  await other.close();
});

describe('http.request: redirects', () => {
  const redirect = (status: number, location: string) => (req: IncomingMessage, res: ServerResponse) =>
    req.url === '/start' ? res.writeHead(status, { location }).end() : json(res, { at: req.url });
  const start = (input: object = {}, ctx = fakeContext()) =>
    runNode(request, ctx, { url: `${server.base}/start`, ...input });

  it('follows within the origin, changing the method as HTTP says', async () => {
    server.answer = redirect(302, '/next');
    expect(await start({ method: 'POST', json: { a: 1 } })).toMatchObject({
      body: { at: '/next' },
      url: `${server.base}/next`,
    });
    expect(server.seen[1]).toMatchObject({ method: 'GET', body: '' });
    expect(server.seen[1]?.headers['content-type']).toBeUndefined();
    server.answer = redirect(307, '/next');
    await start({ method: 'POST', json: { a: 1 } });
    expect(server.seen[3]).toMatchObject({ method: 'POST', body: '{"a":1}' });
  });

  it('leaves credentials and private headers behind when the origin changes', async () => {
    server.answer = redirect(302, `${other.base}/elsewhere`);
    const ctx = fakeContext({ connection: bearer(['127.0.0.1']) });
    const output = await start({ headers: { 'X-Api-Key': 'k', Cookie: 'c', 'X-Note': 'n' } }, ctx);
    expect(output.body).toEqual({ other: true });
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer very-secret-token',
      'x-api-key': 'k',
      cookie: 'c',
    });
    expect(other.seen[0]?.headers['x-note']).toBe('n');
    for (const name of ['authorization', 'x-api-key', 'cookie']) expect(other.seen[0]?.headers[name]).toBeUndefined();
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://10.0.0.1/',
    'http://2852039166/',
  ])('does not follow to %s', async (location) => {
    server.answer = redirect(302, location);
    expect((await failure(start())).code).toBe('network.forbidden');
  });

  it.each(['ftp://127.0.0.1/', 'javascript:alert(1)', 'http://['])('does not follow to %s', async (location) => {
    server.answer = redirect(301, location);
    expect((await failure(start())).code).toBe('http.redirect');
  });

  it('stops after five, and returns the first if told not to follow', async () => {
    server.answer = (_, res) => res.writeHead(302, { location: '/again' }).end();
    expect((await failure(start())).code).toBe('http.redirect');
    expect(server.seen.length).toBe(6);
    expect(await start({ followRedirects: false })).toMatchObject({ status: 302, headers: { location: '/again' } });
  });
});

describe('http.request: credentials', () => {
  const call = (connection: OpenConnection, input: object = {}) =>
    runNode(request, fakeContext({ connection }), { url: `${server.base}/x`, ...input });

  it('sends bearer, basic, header and query credentials', async () => {
    const hosts = ['127.0.0.1'];
    await call(bearer(hosts));
    await call({ name: 'b', type: 'http-basic', data: { user: 'ann', password: 'pä' }, hosts });
    await call({ name: 'h', type: 'http-header', data: { name: 'X-Key', value: 'k' }, hosts });
    const output = await call({
      name: 'q',
      type: 'http-header',
      data: { name: 'key', value: 'k&', in: 'query' },
      hosts,
    });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer very-secret-token',
      `Basic ${Buffer.from('ann:pä').toString('base64')}`,
      undefined,
      undefined,
    ]);
    expect(server.seen[2]?.headers['x-key']).toBe('k');
    expect(server.seen[3]?.url).toBe('/x?key=k%26');
    expect(output.url).toBe(`${server.base}/x`);
  });

  it('goes only to the hosts it is bound to', async () => {
    for (const hosts of [[], ['api.example.com'], ['127.0.0.1:1']]) {
      const error = await failure(call(bearer(hosts)));
      expect(error.code).toBe('connection.host');
      expect(error.message).not.toContain('very-secret');
    }
    expect(server.seen).toEqual([]);
    await call(bearer([new URL(server.base).host]));
    expect(server.seen.length).toBe(1);
  });

  it('never shows in an error', async () => {
    server.answer = (_, res) => res.writeHead(500).end();
    const hosts = ['127.0.0.1'];
    const query = {
      name: 'q',
      type: 'http-header',
      data: { name: 'key', value: 'very-secret-key', in: 'query' },
      hosts,
    };
    for (const connection of [bearer(hosts), query]) {
      const error = await failure(call(connection));
      expect(JSON.stringify([error.message, error.details])).not.toContain('very-secret');
    }
    const error = await failure(call({ ...query, data: { name: 'bad name', value: 'very-secret-key' } }));
    expect(error.code).toBe('connection.invalid');
    expect(error.message).toContain('name');
    expect(error.message).not.toContain('very-secret');
  });
});

describe('http.request: TLS', () => {
  const { key, cert } = testCertificate();
  let secure: Server;
  let base: string;
  beforeAll(async () => {
    secure = createServer({ key, cert }, (req, res) =>
      req.url === '/down' ? res.writeHead(302, { location: `${server.base}/plain` }).end() : res.end('secure'),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    base = `https://localhost:${(secure.address() as AddressInfo).port}`;
  });
  afterAll(() => void secure.close());
  const trusting = () => fakeContext({ network: createNetwork({ allow: ['localhost', '127.0.0.1'], ca: cert }) });

  it('checks the certificate against the name, although it connects to the address', async () => {
    expect(await runNode(request, trusting(), { url: base })).toMatchObject({ body: 'secure' });
    const stranger = await failure(runNode(request, fakeContext(), { url: base }));
    expect([stranger.code, stranger.retryable]).toEqual(['http.tls', false]);
    const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const network = createNetwork({ allow: ['*.example'], ca: cert, lookup });
    const wrongName = runNode(request, fakeContext({ network }), { url: base.replace('localhost', 'wrong.example') });
    expect((await failure(wrongName)).code).toBe('http.tls');
    const plain = await failure(runNode(request, fakeContext(), { url: server.base.replace('http:', 'https:') }));
    expect(plain.code).toBe('http.tls');
    expect(plain.message).toMatch(/: no secure connection: what answers does not speak TLS at this port\.$/);
  });

  it('does not follow a redirect from https to http', async () => {
    const error = await failure(runNode(request, trusting(), { url: `${base}/down` }));
    expect(error.code).toBe('http.redirect');
    expect(server.seen).toEqual([]);
  });
});

describe('the authority of a request', () => {
  const names = ['host', 'Host', 'HOST', ':authority', 'proxy-authorization', 'Transfer-Encoding'];
  it.each(names)('comes from the address, not from a header "%s"', async (name) => {
    for (const connection of [bearer(['127.0.0.1']), null]) {
      const access = connection && { connection, credential: null, certificates: {}, dispatcher: null };
      const url = new URL(`${server.base}/x`);
      const sent = exchange(fakeContext(), { ...GET, url, access, headers: { [name]: 'stranger.example' } });
      expect(await failure(sent)).toMatchObject({ code: 'http.headers', retryable: false });
      const context = fakeContext({ connection });
      await expect(runNode(request, context, { url: url.href, headers: { [name]: 'x' } })).rejects.toThrow();
    }
    expect(server.seen).toEqual([]);
  });

  it('is not an API key', () => {
    const data = { value: 'stranger.example', in: 'header' };
    for (const name of ['host', 'Host', 'connection'])
      expect(headerFields.safeParse({ ...data, name }).success).toBe(false);
    expect(headerFields.safeParse({ ...data, name: 'host', in: 'query' }).success).toBe(true);
    expect(headerFields.safeParse({ ...data, name: 'X-Api-Key' }).success).toBe(true);
  });

  const GET = {
    query: '',
    method: 'GET',
    asked: 'GET',
    body: null,
    followRedirects: true,
    keyed: false,
    headersTimeoutMs: 2_000,
    bodyTimeoutMs: 2_000,
  };
});
