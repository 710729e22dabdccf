import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenConnection } from '../context.ts';
import { createNetwork } from '../network/network.ts';
import { testCertificate } from '../testing/certificate.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { httpCertificate } from './connection.ts';
import { request } from './request.ts';

const server = testCertificate();
const client = testCertificate('client.example');

const open: Server[] = [];
afterEach(() => {
  for (const each of open.splice(0)) {
    each.closeAllConnections();
    each.close();
  }
});

/** Answers with the name in the certificate of the client. */
async function secureServer(options: ServerOptions = {}, location?: string): Promise<string> {
  const https = createServer({ ...server, ...options }, (req, res) => {
    const name = (req.socket as TLSSocket).getPeerCertificate()?.subject?.CN ?? null;
    if (location !== undefined) res.writeHead(302, { location }).end();
    else
      res
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ name, token: req.headers.authorization }));
  });
  https.on('tlsClientError', () => {});
  open.push(https);
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(https.address() as AddressInfo).port}`;
}

const asking = { requestCert: true, ca: client.cert };
const connection = (data: Record<string, unknown>, type = 'http-certificate'): OpenConnection => ({
  name: 'company',
  type,
  data,
  hosts: ['localhost'],
});
const get = (url: string, using: OpenConnection | null = null) =>
  runNode(request, fakeContext({ connection: using }), { url });

describe('http.request: a private authority', () => {
  it('is refused without a connection that names it, in words for users of Blok', async () => {
    const base = await secureServer();
    const error = await failure(get(base));
    expect(error).toMatchObject({ code: 'http.tls', retryable: false, unknown: false });
    expect(error.message).toContain('"ca" of a connection, for example of type http-certificate');
    expect(error.message).not.toMatch(/node|root CA|--/i);
    const named = await failure(get(base, connection({ token: 't' }, 'http-bearer')));
    expect(named.message).toContain('"ca" of the connection "company"');
  });

  it('is trusted by every kind of HTTP connection', async () => {
    const base = await secureServer();
    const ca = server.cert;
    expect((await get(base, connection({ ca }))).body).toEqual({ name: null });
    expect((await get(base, connection({ ca, token: 't' }, 'http-bearer'))).body).toMatchObject({ token: 'Bearer t' });
    const basic = connection({ ca, user: 'ann', password: 'pw' }, 'http-basic');
    expect((await get(base, basic)).body).toMatchObject({ token: 'Basic YW5uOnB3' });
    const header = connection({ ca, name: 'authorization', value: 'v' }, 'http-header');
    expect((await get(base, header)).body).toMatchObject({ token: 'v' });
    expect((await get(base, connection({ ca: `${client.cert}\n${ca}` }))).body).toEqual({ name: null });
  });

  it('replaces the public ones, and is accepted only for the right name', async () => {
    const base = await secureServer();
    const other = await failure(get(base, connection({ ca: client.cert })));
    expect(other.message).toContain('does not come from the authority in the field "ca" of the connection "company"');
    const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const network = createNetwork({ allow: ['*.example'], lookup });
    const elsewhere = { ...connection({ ca: server.cert }), hosts: ['wrong.example'] };
    const ctx = fakeContext({ network, connection: elsewhere });
    const wrong = await failure(runNode(request, ctx, { url: base.replace('localhost', 'wrong.example') }));
    expect(wrong.message).toContain('is not for wrong.example, but for DNS:localhost');
  });

  it('stays with the origin it was meant for', async () => {
    const target = await secureServer();
    const base = await secureServer({}, target);
    expect((await failure(get(base, connection({ ca: server.cert })))).message).toContain(target);
    const bound = { ...connection({ ca: server.cert }), hosts: ['api.example.com'] };
    expect((await failure(get(base, bound))).code).toBe('connection.host');
  });
});

describe('http.request: a client certificate', () => {
  const { cert, key } = client;

  it('is shown to a server that asks for one', async () => {
    const base = await secureServer(asking);
    expect((await get(base, connection({ ca: server.cert, cert, key }))).body).toEqual({ name: 'client.example' });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is named by the message when it is missing: %s', async (version) => {
    const base = await secureServer({ ...asking, minVersion: version, maxVersion: version });
    const missing = await failure(get(base, connection({ ca: server.cert })));
    expect(missing).toMatchObject({ code: 'http.tls', retryable: false });
    expect(missing.message).toContain('into the fields "cert" and "key" of the connection "company"');
  });

  it.each([
    [{ ca: server.cert.replace(/\n.{20}/, '\n') }, '"ca" of the connection "company" holds a certificate that cannot'],
    [
      { cert: cert.replace(/\n.{20}/, '\n'), key },
      '"cert" of the connection "company" holds a certificate that cannot',
    ],
    [{ cert, key: key.replace(/\n.{20}/, '\n') }, '"key" of the connection "company" holds no private key'],
    [{ cert, key: server.key }, '"key" of the connection "company" does not belong'],
  ])('or authority that cannot be used is named by its field: %#', async (data, words) => {
    const error = await failure(get('https://localhost:1', connection(data)));
    expect(error).toMatchObject({ code: 'connection.invalid', retryable: false });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('BEGIN');
  });

  it.each([
    [{}, 'ca'],
    [{ cert }, 'key'],
    [{ key }, 'key'],
    [{ ca: 'nonsense' }, 'ca'],
    [{ cert, key: key.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY') }, 'key'],
    [
      { cert, key: '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END RSA PRIVATE KEY-----' },
      'key',
    ],
  ])('is complete, as PEM and without a passphrase: %#', (data, field) => {
    const { error } = httpCertificate.fields.safeParse(data);
    expect(error?.issues.map(({ path }) => path[0])).toContain(field);
  });

  it('is tried by the test of its connection', async () => {
    const base = await secureServer(asking);
    const ctx = {
      network: createNetwork({ allow: ['localhost', '127.0.0.1'] }),
      signal: new AbortController().signal,
      hosts: ['localhost'],
    };
    expect(await httpCertificate.test?.(ctx, { ca: server.cert, cert, key, testUrl: base })).toEqual({ ok: true });
    expect(await httpCertificate.test?.(ctx, { ca: server.cert, testUrl: base })).toMatchObject({
      ok: false,
      message: expect.stringContaining('"cert" and "key"'),
    });
  });
});
