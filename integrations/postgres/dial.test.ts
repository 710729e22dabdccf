import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failure } from '../testing/run-node.ts';
import { dial } from './dial.ts';
import { fields, targetOf } from './target.ts';

/** A server that has no TLS, and says so. */
let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write('N')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

const call = (host: string, ssl?: string) =>
  dial('crm', targetOf(fields.parse({ host, port, database: 'd', user: 'u', ssl }))!, '127.0.0.1');

it.each(['db.example', '127.db.example', '10.0.0.1'])('needs TLS at %s, and says what to do without', async (host) => {
  const refused = await failure(call(host));
  expect(refused).toMatchObject({ code: 'postgres.tls', retryable: false });
  expect(refused.message).toBe(
    `No secure connection to ${host}:${port}: the server offers no TLS, and the connection "crm" requires TLS ("ssl" is ` +
      '"require", the default unless the server is on this machine). Turn TLS on at the server; or, if you trust the network ' +
      'in between, set "ssl" of the connection to "prefer".',
  );
});

it('does not call a choice a default', async () => {
  expect((await failure(call('localhost', 'verify-full'))).message).toContain('("ssl" is "verify-full")');
});

it.each([
  ['localhost', undefined],
  ['127.0.0.1', undefined],
  ['db.example', 'prefer'],
  ['db.example', 'disable'],
])('takes a connection without TLS to %s if ssl is %s', async (host, ssl) => {
  const socket = await call(host, ssl);
  expect(socket.remotePort).toBe(port);
  socket.destroy();
});
