import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonSchema } from '../describe.ts';
import { createNetwork } from '../network/network.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { request } from './request.ts';
import { type RecordingServer, recordingServer } from './testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

describe('http.request: the request', () => {
  it('sends query parameters, headers and a JSON body, and parses the answer', async () => {
    const output = await runNode(request, fakeContext(), {
      method: 'POST',
      url: `${server.base}/orders?a=1`,
      query: { b: 'x y', c: [1, 2], none: null, yes: true },
      headers: { 'X-Trace': 'abc' },
      json: { sku: 'A', ü: '€' },
    });
    expect(output).toMatchObject({ status: 200, body: { ok: true } });
    expect(output.url).toBe(`${server.base}/orders?a=1&b=x+y&c=1&c=2&yes=true`);
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/orders?a=1&b=x+y&c=1&c=2&yes=true' });
    expect(server.seen[0]?.headers).toMatchObject({ 'x-trace': 'abc', 'content-type': 'application/json' });
    expect(JSON.parse(Buffer.from(server.seen[0]!.body, 'latin1').toString())).toEqual({ sku: 'A', ü: '€' });
  });

  it('sends forms, text, bytes and multipart', async () => {
    const ctx = fakeContext();
    const blob = await ctx.blobs.put(Buffer.from([1, 2, 255]));
    const post = (body: object) => runNode(request, ctx, { method: 'POST', url: server.base, ...body });
    await post({ form: { a: 'x&y', list: [1, 2], none: null } });
    await post({ text: 'hello', headers: { 'Content-Type': 'text/markdown' } });
    await post({ binary: { blob } });
    await post({
      multipart: [
        { name: 'f', text: 'v' },
        { name: 'up', filename: 'a.bin', base64: 'AQL/' },
      ],
    });
    expect([server.seen[0]?.headers['content-type'], server.seen[0]?.body]).toEqual([
      'application/x-www-form-urlencoded',
      'a=x%26y&list=1&list=2',
    ]);
    expect([server.seen[1]?.headers['content-type'], server.seen[1]?.body]).toEqual(['text/markdown', 'hello']);
    expect([server.seen[2]?.headers['content-type'], server.seen[2]?.body]).toEqual([
      'application/octet-stream',
      '\x01\x02\xff',
    ]);
    expect(server.seen[3]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(server.seen[3]?.body).toContain('name="f"\r\n\r\nv\r\n');
    expect(server.seen[3]?.body).toContain(
      'name="up"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n\x01\x02\xff\r\n',
    );
  });

  it('sends the step’s idempotency key with writes, the author’s instead if set, none if turned off', async () => {
    const ctx = fakeContext({ idempotencyKey: 'ws/flow/call/1/each[3].charge' });
    await runNode(request, ctx, { url: server.base });
    await runNode(request, ctx, { method: 'POST', url: server.base });
    await runNode(request, ctx, { method: 'DELETE', url: server.base });
    await runNode(request, ctx, { method: 'POST', url: server.base, headers: { 'Idempotency-Key': 'mine' } });
    await runNode(request, ctx, { method: 'POST', url: server.base, idempotencyKey: false });
    await runNode(request, fakeContext({ idempotencyKey: `ü${'x'.repeat(300)}` }), {
      method: 'POST',
      url: server.base,
    });
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      undefined,
      'ws/flow/call/1/each[3].charge',
      'ws/flow/call/1/each[3].charge',
      'mine',
      undefined,
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  it.each([
    [{ url: 'nonsense' }, 'is not a URL'],
    [{ url: 'file:///etc/passwd' }, 'Only http and https'],
    [{ url: 'http://user:pw@127.0.0.1/' }, 'http-basic'],
  ])('refuses the address %j', async (input, message) => {
    const error = await failure(runNode(request, fakeContext(), input));
    expect(error.code).toBe('http.url');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('pw');
  });

  it.each([
    { url: 'http://x.example', method: 'POST' as const, json: 1, text: 'a' },
    { url: 'http://x.example', json: 1 },
    { url: 'http://x.example', headers: { Host: 'evil' } },
    { url: 'http://x.example', encoding: 'klingon' },
    { url: 'http://x.example', maxBytes: 1e9 },
    { url: 'http://x.example', unknown: 1 },
  ])('refuses the parameters %j', (input) => {
    expect(request.input.safeParse(input).success).toBe(false);
  });

  it.each([
    ['b\r\nc: d', 'a line break'],
    ['b\n', 'a line break'],
    ['b\0', 'a control character'],
    ['5 €', '"€"'],
  ])('refuses the header %j and sends nothing', async (value, what) => {
    const error = await failure(runNode(request, fakeContext(), { url: server.base, headers: { 'X-Note': value } }));
    expect(error).toMatchObject({ code: 'http.headers', retryable: false, unknown: false });
    expect(error.message).toContain(`The header "X-Note" holds ${what}`);
    expect(server.seen).toEqual([]);
    expect(JSON.stringify(jsonSchema(request.input, 'input').properties)).toContain('"pattern":"^[\\\\t');
  });
});

describe('http.request: the answer', () => {
  const get = (input: object = {}, ctx = fakeContext()) => runNode(request, ctx, { url: server.base, ...input });

  it('returns text, base64, references and nothing, by content type or as requested', async () => {
    const ctx = fakeContext();
    server.answer = (_, res) =>
      res.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' }).end(Buffer.from([0xfc]));
    expect((await get()).body).toBe('ü');
    expect((await get({ responseAs: 'base64' })).body).toBe('/A==');
    server.answer = (_, res) => res.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2, 3]));
    const { body } = await get({}, ctx);
    expect(body).toMatchObject({ size: 3, contentType: 'image/png' });
    expect(Buffer.from(await ctx.blobs.get((body as { sha256: string }).sha256))).toEqual(Buffer.from([1, 2, 3]));
    server.answer = (_, res) => res.writeHead(204).end();
    expect(await get()).toMatchObject({ status: 204, body: null });
    server.answer = (_, res) => res.writeHead(200, { 'content-length': '5000000000' }).end();
    expect(await get({ method: 'HEAD' })).toMatchObject({ status: 200, body: null });
  });

  it('cuts a response of 5 GB off, announced or not', async () => {
    server.answer = (_, res) => void res.writeHead(200, { 'content-length': String(5e9) }).write('x');
    const announced = await failure(get());
    expect(announced.code).toBe('http.tooLarge');
    expect(announced.message).toContain('10485760');
    expect(announced.retryable).toBe(false);

    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      server.answer = (_, res) => {
        const chunk = Buffer.alloc(1_000_000);
        const more = (): void => {
          while (sent < 5e9 && !res.destroyed && res.write(chunk)) sent += chunk.length;
          if (!res.destroyed) res.once('drain', more);
        };
        res.on('close', resolve);
        more();
      };
    });
    expect((await failure(get())).code).toBe('http.tooLarge');
    await closed;
    expect(sent).toBeLessThan(60_000_000);
  });

  it('says so when JSON is promised and not sent', async () => {
    server.answer = (_, res) => res.writeHead(200, { 'content-type': 'application/json' }).end('<html>');
    const error = await failure(get());
    expect([error.code, error.retryable]).toEqual(['http.body', false]);
    expect((await get({ responseAs: 'text' })).body).toBe('<html>');
  });

  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, false],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ])('fails with http.%i (retryable: %s)', async (status, retryable) => {
    server.answer = (_, res) => res.writeHead(status, { 'content-type': 'application/json' }).end('{"why":"because"}');
    const error = await failure(get());
    expect(error).toMatchObject({ code: `http.${status}`, retryable, unknown: false });
    expect(error.details).toMatchObject({ status, body: { why: 'because' } });
  });

  it('honours Retry-After as seconds and as a date', async () => {
    server.answer = (_, res) => res.writeHead(429, { 'retry-after': '7' }).end();
    expect((await failure(get())).retryAfterMs).toBe(7000);
    server.answer = (_, res) =>
      res.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end();
    const { retryAfterMs = 0 } = await failure(get());
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    server.answer = (_, res) => res.writeHead(503, { 'retry-after': 'soon' }).end();
    expect((await failure(get())).retryAfterMs).toBeUndefined();
  });

  it('returns the statuses the author accepts', async () => {
    server.answer = (_, res) => res.writeHead(404, { 'content-type': 'text/plain' }).end('none');
    expect(await get({ okStatuses: [404] })).toMatchObject({ status: 404, body: 'none' });
  });
});

describe('http.request: what may be tried again', () => {
  const drop = (req: IncomingMessage) => req.socket.destroy();
  const call = (input: object) => failure(runNode(request, fakeContext(), { url: server.base, ...input }));

  it('distinguishes a lost answer from a request that was never sent', async () => {
    server.answer = drop;
    expect(await call({})).toMatchObject({ code: 'http.network', retryable: true, unknown: false });
    expect(await call({ method: 'DELETE', idempotencyKey: false })).toMatchObject({ retryable: true, unknown: true });
    expect(await call({ method: 'POST' })).toMatchObject({ code: 'http.network', retryable: true, unknown: true });
    expect(await call({ method: 'POST', idempotencyKey: false })).toMatchObject({ retryable: false, unknown: true });
    server.answer = (_, res) => res.writeHead(502).end();
    expect(await call({ method: 'POST', idempotencyKey: false })).toMatchObject({ retryable: false, unknown: true });
    expect(await call({ method: 'POST' })).toMatchObject({ retryable: true, unknown: true });
    server.answer = (_, res) => res.writeHead(503).end();
    expect(await call({ method: 'POST', idempotencyKey: false })).toMatchObject({ retryable: true, unknown: false });
  });

  it('retries a refused connection and an unknown host, whatever the method', async () => {
    const closed = await recordingServer();
    const url = closed.base;
    await closed.close();
    expect(await call({ url, method: 'POST', idempotencyKey: false })).toMatchObject({
      code: 'http.network',
      retryable: true,
      unknown: false,
    });
    const network = createNetwork({ allow: [], lookup: () => Promise.reject(new Error('ENOTFOUND')) });
    const error = await failure(runNode(request, fakeContext({ network }), { url: 'http://no.example' }));
    expect(error).toMatchObject({ code: 'network.dns', retryable: true });
  });

  it('says in plain words that the server does not speak HTTP', async () => {
    for (const bytes of ['HTTP/1.1 000 x\r\n\r\n', '\u0001 garbage\r\n\r\n']) {
      server.answer = (req) => void req.socket.end(bytes);
      const error = await call({});
      expect(error).toMatchObject({ code: 'http.network', message: expect.not.stringMatching(/\n|assert/) });
    }
  });

  it('gives up on a server that does not answer, or stops in the middle', async () => {
    server.answer = () => {};
    const slow = await call({ timeouts: { headers: '50ms' } });
    expect(slow).toMatchObject({ code: 'http.timeout', retryable: true });
    expect(slow.message).toContain('the headers of the answer did not arrive within 50ms');
    expect(await call({ method: 'POST', idempotencyKey: false, timeouts: { headers: '50ms' } })).toMatchObject({
      code: 'http.timeout',
      retryable: false,
      unknown: true,
    });
    server.answer = (_, res) => void res.writeHead(200, { 'content-type': 'text/plain' }).write('half');
    expect(await call({ timeouts: { body: '50ms' } })).toMatchObject({ code: 'http.timeout', retryable: true });
  });

  it('stops when the step is cancelled', async () => {
    const controller = new AbortController();
    server.answer = () => controller.abort(new Error('cancelled by test'));
    const run = runNode(request, fakeContext({ signal: controller.signal }), { url: server.base });
    await expect(run).rejects.toThrow('cancelled by test');
  });
});
