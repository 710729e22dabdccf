import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { request } from './request.ts';
import { json, type RecordingServer, recordingServer } from './testing/recording-server.ts';

let server: RecordingServer;
let other: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
  other = await recordingServer();
});
beforeEach(() => {
  server.reset();
  other.reset();
});
afterAll(async () => {
  await server.close();
  await other.close();
});

const start = (input: object = {}) => runNode(request, fakeContext(), { url: `${server.base}/start?a=1`, ...input });

describe('http.request: the address of a redirect', () => {
  /** Written by hand, because node:http does not write the bytes that many servers write. */
  const raw = (location: Buffer) => (req: IncomingMessage, res: ServerResponse) =>
    req.url?.startsWith('/start')
      ? void req.socket.end(
          Buffer.concat([
            Buffer.from('HTTP/1.1 302 Found\r\nLocation: '),
            location,
            Buffer.from('\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
          ]),
        )
      : json(res, { got: req.url });

  it.each([
    ['UTF-8', Buffer.from('/berichte/für-märz?q=ü'), '/berichte/f%C3%BCr-m%C3%A4rz?q=%C3%BC'],
    ['Latin-1', Buffer.from('/für?q=ü', 'latin1'), '/f%FCr?q=%FC'],
    ['escapes and signs', Buffer.from("/x?q=%E4&$f='a'&s=a%2Fb+c"), "/x?q=%E4&$f='a'&s=a%2Fb+c"],
    ['a query alone', Buffer.from('?b=%E4'), '/start?b=%E4'],
  ])('comes back as the server wrote it: %s', async (_, location, got) => {
    server.answer = raw(location);
    const { url } = await start().catch(() => ({ url: '' }));
    expect(server.seen[1]?.url).toBe(got);
    if (got !== '/start?b=%E4') expect(url).toBe(`${server.base}${got}`);
  });

  it('and other headers in UTF-8 are read as such', async () => {
    server.answer = (req) =>
      void req.socket.end('HTTP/1.1 200 OK\r\nX-Name: für\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    expect((await start()).headers['x-name']).toBe('für');
    server.answer = (req) =>
      void req.socket.end(
        Buffer.from('HTTP/1.1 200 OK\r\nX-Name: für\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', 'latin1'),
      );
    expect((await start()).headers['x-name']).toBe('für');
  });
});

describe('http.request: a write that is redirected', () => {
  const to = (status: number, location: string) => (_: IncomingMessage, res: ServerResponse) =>
    void res.writeHead(status, { location }).end();
  const post = (input: object = {}) => start({ method: 'POST', json: { eur: 20 }, ...input });

  it.each([307, 308])('by %i takes its idempotency key to another origin, and is repeated with it', async (status) => {
    server.answer = to(status, `${other.base}/charges`);
    other.answer = (_, res) => res.writeHead(502).end();
    const headers = { 'X-Idempotency-Key': 'mine', 'X-Api-Key': 'secret' };
    expect(await failure(post({ headers }))).toMatchObject({ code: 'http.502', retryable: true, unknown: true });
    expect(other.seen[0]).toMatchObject({ method: 'POST', body: '{"eur":20}' });
    expect(other.seen[0]?.headers['idempotency-key']).toBe(server.seen[0]?.headers['idempotency-key']);
    expect(other.seen[0]?.headers['idempotency-key']).toBe('ws/test/call/run-1/step');
    expect(other.seen[0]?.headers['x-idempotency-key']).toBe('mine');
    expect(other.seen[0]?.headers['x-api-key']).toBeUndefined();
    expect(await failure(post({ idempotencyKey: false }))).toMatchObject({ retryable: false, unknown: true });
  });

  it('has been done when it is redirected to a GET, whatever the result of the GET', async () => {
    const without = { idempotencyKey: false };
    server.answer = to(303, `${other.base}/charges/1`);
    other.answer = (_, res) => res.writeHead(503).end();
    expect(await failure(post(without))).toMatchObject({ code: 'http.503', retryable: false, unknown: true });
    expect(other.seen[0]?.method).toBe('GET');
    expect(await failure(post())).toMatchObject({ retryable: true, unknown: true });
    other.answer = (req) => req.socket.destroy();
    expect(await failure(post(without))).toMatchObject({ code: 'http.network', retryable: false, unknown: true });
    expect(await failure(post({ ...without, method: 'PUT' }))).toMatchObject({ retryable: true, unknown: true });
    server.answer = to(302, 'http://10.0.0.1/');
    expect(await failure(post(without))).toMatchObject({ code: 'network.forbidden', retryable: false, unknown: true });
    server.answer = to(302, 'http://127.0.0.1:1/');
    expect(await failure(post(without))).toMatchObject({ retryable: false, unknown: true });
  });
});
