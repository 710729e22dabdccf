import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { resultOf, startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

/** How much passes: `BLOK_SCALE=all` takes a gigabyte. */
const BYTES = (process.env.BLOK_SCALE === 'all' ? 1_024 : 96) * 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'all that is passed on ');
const MOST_MORE_MB = 150;

describeWith(['temporal'], 'data that are larger than what a worker holds', () => {
  let test: TestWorker;
  let server: Server;
  let base = '';
  const received: { length: string | undefined; sha256: string; size: number }[] = [];
  beforeAll(async () => {
    test = await startTestWorker({ allowHosts: ['127.0.0.1'] });
    server = createServer(async (request, response) => {
      if (request.method === 'GET') return Readable.from(bytes(sizeIn(request.url))).pipe(response);
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of request as AsyncIterable<Buffer>) {
        hash.update(chunk);
        size += chunk.length;
      }
      received.push({ length: request.headers['content-length'], sha256: hash.digest('hex'), size });
      return response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await test.dispose();
    server.close();
  });

  it('come in, become a file, and go out, with little memory', async () => {
    // What a worker loads when it first does this is not what the data take.
    expect(await passOn('small', 4 * CHUNK.length)).toMatchObject({ status: 'succeeded' });
    received.length = 0;
    const before = process.memoryUsage().rss;
    let most = before;
    const watching = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const passed = await passOn('large', BYTES);
    clearInterval(watching);
    const hash = createHash('sha256');
    for (const chunk of bytes(BYTES)) hash.update(chunk);
    const sha256 = hash.digest('hex');
    expect(passed).toMatchObject({ status: 'succeeded', output: { path: 'large.bin', size: BYTES, sha256 } });
    expect(received).toEqual([{ length: String(BYTES), sha256, size: BYTES }]);
    const more = Math.round((most - before) / 1_048_576);
    console.log(`${BYTES / 1_048_576} MB passed: ${more} MB more memory`);
    expect(more).toBeLessThan(MOST_MORE_MB);
  }, 1_200_000);

  /** Fetches so many bytes, keeps them as a file, and sends them back. */
  async function passOn(name: string, size: number) {
    const handle = await test.start(`
blok: 1
name: pass-on-${name}
nodes:
  get: { uses: http.request, with: { url: "${base}/?size=${size}", responseAs: blob, maxBytes: 5000000000 }, timeout: 15m, retry: { attemptTimeout: 15m } }
  keep: { uses: file.write, needs: [get], with: { path: ${name}.bin, blob: "\${{ nodes.get.body }}" } }
  read: { uses: file.read, needs: [keep], with: { path: ${name}.bin, as: blob } }
  send: { uses: http.request, needs: [read], with: { method: PUT, url: "${base}/", binary: { blob: "\${{ nodes.read.blob }}" } }, timeout: 15m, retry: { attemptTimeout: 15m } }
output: "\${{ nodes.keep }}"
`);
    return resultOf(handle);
  }
});

const sizeIn = (url = ''): number => Number(new URL(url, 'http://x').searchParams.get('size'));

/** The same chunk over and over, with its number: no two parts are the same. */
function* bytes(size: number): Generator<Buffer> {
  for (let at = 0; at < size; at += CHUNK.length) {
    const chunk = Buffer.from(CHUNK);
    chunk.writeUInt32LE(at / CHUNK.length);
    yield chunk;
  }
}
