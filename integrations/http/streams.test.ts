import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { request } from './request.ts';
import { type RecordingServer, recordingServer } from './testing/recording-server.ts';

let server: RecordingServer;
beforeAll(async () => {
  server = await recordingServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const BIG = Buffer.alloc(3_000_000, 'large body ');
const keep = (ctx = fakeContext(), more: object = {}) =>
  runNode(request, ctx, { url: server.base, responseAs: 'blob', ...more });
const answer = (body: Buffer, headers: Record<string, string> = {}): void => {
  server.answer = (_, res) => res.writeHead(200, headers).end(body);
};

describe('an answer that is kept as it arrives', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (bytes) => bytes],
  ])('is decompressed: %s', async (encoding, compress) => {
    const ctx = fakeContext();
    answer(compress(BIG), { 'content-encoding': encoding, 'content-type': 'Text/Plain' });
    const { body } = await keep(ctx);
    expect(body).toMatchObject({ size: BIG.length, contentType: 'text/plain' });
    expect(Buffer.from(await ctx.blobs.get((body as { sha256: string }).sha256)).equals(BIG)).toBe(true);
  });

  it('is null if it is empty, whatever its headers say', async () => {
    answer(Buffer.alloc(0), { 'content-encoding': 'gzip' });
    expect((await keep()).body).toBeNull();
  });

  it('is null for HEAD, however large the body would be', async () => {
    server.answer = (_, res) => res.writeHead(200, { 'content-length': '9000000000' }).end();
    expect((await keep(undefined, { method: 'HEAD' })).body).toBeNull();
  });

  it('fails if it is too large, before or after it is decompressed', async () => {
    answer(BIG);
    expect((await failure(keep(undefined, { maxBytes: BIG.length - 1 }))).code).toBe('http.tooLarge');
    answer(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' });
    expect((await failure(keep(undefined, { maxBytes: 1_000_000 }))).code).toBe('http.tooLarge');
  });

  it('fails if it is cut off, not compressed as it says, or breaks in the middle', async () => {
    answer(gzipSync(BIG).subarray(0, -20), { 'content-encoding': 'gzip' });
    expect(await failure(keep())).toMatchObject({ code: 'http.incomplete', retryable: true });
    answer(BIG, { 'content-encoding': 'gzip' });
    expect(await failure(keep())).toMatchObject({ code: 'http.body', retryable: false });
    server.answer = (_, res) => {
      res.writeHead(200, { 'content-length': '1000000' }).write('begun');
      setTimeout(() => res.destroy(), 20);
    };
    expect(await failure(keep())).toMatchObject({ code: 'http.network', retryable: true });
  });

  it('may be larger than what is read into memory, but not with pages or as text', async () => {
    answer(BIG);
    expect((await keep(undefined, { maxBytes: 5_000_000_000 })).body).toMatchObject({ size: BIG.length });
    for (const bad of [{ responseAs: 'text' }, { responseAs: 'blob', pagination: { by: 'link' } }])
      expect(request.input.safeParse({ url: 'https://a.example', maxBytes: 5_000_000_000, ...bad }).success).toBe(
        false,
      );
  });
});

describe('a body that is sent as it is read', () => {
  it('has its length, and is sent again after a redirect', async () => {
    const ctx = fakeContext();
    const blob = await ctx.blobs.put(BIG);
    server.answer = (req, res) =>
      req.url === '/moved' ? res.writeHead(307, { location: '/here' }).end() : res.writeHead(200).end();
    await runNode(request, ctx, { method: 'PUT', url: `${server.base}/moved`, binary: { blob } });
    expect(server.seen.map(({ url }) => url)).toEqual(['/moved', '/here']);
    for (const { headers, body } of server.seen) {
      expect(headers['content-length']).toBe(String(BIG.length));
      expect(Buffer.from(body, 'latin1').equals(BIG)).toBe(true);
    }
  });

  it('is a form that any server can read', async () => {
    const ctx = fakeContext();
    const blob = await ctx.blobs.put(BIG);
    await runNode(request, ctx, {
      method: 'POST',
      url: server.base,
      multipart: [
        { name: 'a"b\n', text: 'grüße' },
        { name: 'file', filename: 'größe "1".bin', blob, contentType: 'image/png' },
      ],
    });
    const { headers, body } = server.seen[0]!;
    expect(headers['content-length']).toBe(String(body.length));
    const form = await new Response(Buffer.from(body, 'latin1'), {
      headers: { 'content-type': headers['content-type']! },
    }).formData();
    expect(form.get('a"b\r\n') ?? form.get('a"b\n')).toBe('grüße');
    const file = form.get('file') as File;
    expect([file.name, file.type]).toEqual(['größe "1".bin', 'image/png']);
    expect(Buffer.from(await file.arrayBuffer()).equals(BIG)).toBe(true);
  });
});
