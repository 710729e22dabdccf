import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../../testing/run-node.ts';
import { request } from '../request.ts';
import { type RecordingServer, recordingServer } from '../testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const get = (input: object = {}) => runNode(request, fakeContext(), { url: server.base, ...input });
const answer = (body: string | Buffer, headers: Record<string, string> = {}, status = 200): void => {
  server.answer = (_, res) => res.writeHead(status, headers).end(body);
};
const asJson = { 'content-type': 'application/json' };

describe('http.request: compressed bodies', () => {
  const text = '{"ok":true}';
  const packed = (encoding: string, body: Buffer) => answer(body, { ...asJson, 'content-encoding': encoding });

  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['deflate', deflateRawSync(text, { level: 0 })],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
    ['UTF-8', Buffer.from(text)],
  ])('reads %s', async (encoding, body) => {
    packed(encoding, body);
    expect((await get()).body).toEqual({ ok: true });
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('takes an empty body as empty, although it says %s', async (encoding) => {
    packed(encoding, Buffer.alloc(0));
    expect((await get()).body).toBe(null);
  });

  it.each([
    ['gzip', gzipSync(`{"x":"${'abc'.repeat(9000)}"}`)],
    ['deflate', deflateSync(`{"x":"${'abc'.repeat(9000)}"}`)],
    ['deflate', deflateRawSync(`{"x":"${'abc'.repeat(9000)}"}`)],
    ['br', brotliCompressSync(`{"x":"${'abc'.repeat(9000)}"}`)],
  ])('says that %s was cut off, which is worth another attempt', async (encoding, body) => {
    packed(encoding, body.subarray(0, -9));
    expect(await failure(get())).toMatchObject({ code: 'http.incomplete', retryable: true, unknown: false });
    expect(await failure(get({ method: 'POST', idempotencyKey: false }))).toMatchObject({
      code: 'http.incomplete',
      retryable: false,
      unknown: true,
    });
  });

  it('undoes several compressions as they arrive, the raw stream of deflate among them', async () => {
    packed('deflate, br', brotliCompressSync(deflateRawSync(text)));
    expect((await get()).body).toEqual({ ok: true });
    expect((await get({ responseAs: 'blob' })).body).toMatchObject({ size: text.length });
    packed('gzip, deflate', deflateSync(Buffer.alloc(0)));
    expect((await get({ responseAs: 'blob' })).body).toBeNull();
  });

  it('reports a body that is not compressed, or compressed too often', async () => {
    packed('gzip', Buffer.from('not gzip'));
    expect(await failure(get())).toMatchObject({ code: 'http.body', retryable: false });
    packed('gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text))));
    expect((await failure(get())).message).toContain('compressed 3 times');
  });

  it('counts the decompressed bytes, and allows for the bytes that compression adds', async () => {
    packed('gzip', gzipSync(Buffer.alloc(50_000_000)));
    expect((await failure(get())).code).toBe('http.tooLarge');
    packed('gzip', gzipSync(text));
    expect((await get({ maxBytes: text.length })).body).toEqual({ ok: true });
    expect((await failure(get({ maxBytes: text.length - 1 }))).code).toBe('http.tooLarge');
  });
});

describe('http.request: JSON', () => {
  const big = '{"ad":{"id":7615917337495251231},"ids":[9007199254740993,42],"rate":0.1}';
  const exact = { ad: { id: '7615917337495251231' }, ids: ['9007199254740993', 42], rate: 0.1 };

  it('keeps every digit of an integer, in answers, pages and errors', async () => {
    answer(big, asJson);
    expect((await get()).body).toEqual(exact);
    expect((await get({ pagination: { by: 'link', items: 'ids' } })).body).toEqual(['9007199254740993', 42]);
    answer(big, asJson, 400);
    expect((await failure(get())).details).toMatchObject({ body: exact });
  });

  it.each(['application/x-ndjson', 'application/jsonl', 'application/ndjson; charset=utf-8', 'text/x-ndjson'])(
    'reads lines of it as a list: %s',
    async (type) => {
      answer(`{"id":9007199254740993}\r\n\n{"id":"ü"}\n`, { 'content-type': type });
      expect((await get()).body).toEqual([{ id: '9007199254740993' }, { id: 'ü' }]);
      expect((await get({ responseAs: 'text' })).body).toContain('\r\n\n');
    },
  );

  it('refuses more values than can be worked with, and gives them as a blob', async () => {
    for (const type of ['application/json', 'application/x-ndjson']) {
      answer(`[${'{},'.repeat(460_000)}{}]`, { 'content-type': type });
      const error = await failure(get());
      expect(error).toMatchObject({ code: 'http.tooLarge', message: expect.stringContaining('responseAs: blob') });
      expect((await get({ responseAs: 'blob' })).body).toMatchObject({ size: 1_380_004 });
      answer(`[${'{},'.repeat(430_000)}{}]`, { 'content-type': type });
      expect((await get()).body).toBeInstanceOf(Array);
    }
  });

  it('counts lines of JSON, empty ones, too, and all pages together', async () => {
    for (const line of ['1', '']) {
      answer(`${line}\n`.repeat(8_100_000), { 'content-type': 'application/x-ndjson' });
      expect((await failure(get({ maxBytes: 20_000_000 }))).code).toBe('http.tooLarge');
    }
    server.answer = (req, res) => {
      const page = Number(new URL(req.url!, 'http://x').searchParams.get('page'));
      res.writeHead(200, asJson).end(page > 3 ? '[]' : `[${'{},'.repeat(200_000)}{}]`);
    };
    const pages = (maxPages: number) => get({ pagination: { by: 'page', maxPages } });
    expect((await failure(pages(3))).code).toBe('http.tooLarge');
    expect((await pages(2)).body).toHaveLength(400_002);
  });

  it('takes white space alone as an empty body', async () => {
    answer(' \r\n', asJson);
    expect((await get()).body).toBeNull();
    expect(await get({ pagination: { by: 'page' } })).toMatchObject({ body: [], complete: true });
  });

  it('reads lines of JSON on demand, and says which line is not JSON', async () => {
    answer('1\n2\n', asJson);
    expect((await get({ responseAs: 'ndjson' })).body).toEqual([1, 2]);
    answer('', { 'content-type': 'application/x-ndjson' });
    expect((await get()).body).toEqual([]);
    answer('{"a":1}\n\n{"a":', { 'content-type': 'application/x-ndjson' });
    const error = await failure(get());
    expect(error.code).toBe('http.body');
    expect(error.message).toContain('its line 3 is not valid JSON');
  });
});
