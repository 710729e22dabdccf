import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeContext } from '../context.ts';
import { calling } from '../failures/classify.ts';
import { dropAnswer, dropRequest } from '../testing/fake-provider/faults.ts';
import { fakeContext } from '../testing/run-node.ts';
import { type PartsProtocol, partBytesFor, uploadInParts } from './in-parts.ts';
import { partsServer } from './testing/parts-server.ts';

const PART = 100_000;
const BYTES = randomBytes(3 * PART + 1_000);

let server: Awaited<ReturnType<typeof partsServer>>;
beforeAll(async () => {
  server = await partsServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

/** The requests of S3, without their signatures. */
function protocolOf(ctx: NodeContext): PartsProtocol<string> {
  const errors = { provider: 's3', codeAt: [], messageAt: [] };
  const ask = (method: string, query: string, body?: string | Uint8Array<ArrayBuffer>) =>
    calling(ctx, errors, { what: method, writes: method !== 'GET', mayRepeat: true }, async () => {
      const response = await ctx.fetch(`${server.base}/bucket/key?${query}`, { method, ...(body && { body }) });
      const text = await response.text();
      if (!response.ok && response.status !== 404)
        throw { status: response.status, headers: Object.fromEntries(response.headers), body: text };
      return { status: response.status, headers: response.headers, text };
    });
  const tagged = /<PartNumber>(\d+)<\/PartNumber><ETag>([^<]+)<\/ETag><Size>(\d+)<\/Size>/g;
  return {
    begin: async () => /<UploadId>(\w+)</.exec((await ask('POST', 'uploads')).text)![1]!,
    list: async (upload) => {
      const { status, text } = await ask('GET', `uploadId=${upload}`);
      if (status === 404) return null;
      return [...text.matchAll(tagged)].map(([, number, tag, size]) => ({
        ...{ number: Number(number), tag: tag!, size: Number(size) },
      }));
    },
    send: async (upload, { number, bytes }) =>
      (await ask('PUT', `partNumber=${number}&uploadId=${upload}`, bytes as Uint8Array<ArrayBuffer>)).headers.get(
        'etag',
      )!,
    complete: async (upload, parts) => {
      const list = parts.map(({ number, tag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag></Part>`);
      await ask('POST', `uploadId=${upload}`, `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
      return 'completed';
    },
    found: async () => ((await ask('HEAD', '')).status === 404 ? null : 'found'),
  };
}

/** Tries a step again and again, as Blok does, until it succeeds. */
async function attempts(bytes = BYTES) {
  const ctx = fakeContext();
  const upload = await ctx.blobs.put(bytes);
  for (let attempt = 1; ; attempt += 1) {
    const result = await uploadInParts(ctx, upload, protocolOf({ ...ctx, attempt }), { partBytes: PART }).catch(
      (error: unknown) => {
        if (attempt === 5) throw error;
        return null;
      },
    );
    if (result !== null) return { result, attempt };
  }
}

const isWhole = (bytes = BYTES) => server.state.objects.get('key')!.equals(bytes);

describe('an upload in parts', () => {
  it('sends each part once, and puts them together', async () => {
    expect(await attempts()).toEqual({ result: 'completed', attempt: 1 });
    expect([isWhole(), server.state.received]).toEqual([true, BYTES.length]);
  });

  it.each([0, 1, PART, 2 * PART])('of %d bytes is whole', async (size) => {
    const bytes = BYTES.subarray(0, size);
    await attempts(bytes);
    expect([isWhole(bytes), server.state.received]).toEqual([true, size]);
  });

  // The requests are: begin, list, four parts, complete.
  for (const [what, fault] of [
    ['is not done', dropRequest],
    ['is done, and its answer is lost', dropAnswer],
  ] as const)
    it.each([1, 2, 3, 4, 5, 6, 7])(`goes on where it was if request %d ${what}`, async (nth) => {
      server.fail('* /*', ...Array.from({ length: nth - 1 }, () => null), fault);
      const { attempt } = await attempts();
      expect(attempt).toBe(2);
      expect([isWhole(), server.state.completed]).toEqual([true, 1]);
      expect(server.state.received).toBeLessThanOrEqual(BYTES.length + PART);
    });

  it('begins again if the service has forgotten it', async () => {
    server.fail('PUT /*', null, null, dropRequest);
    const ctx = fakeContext();
    const upload = await ctx.blobs.put(BYTES);
    const once = () => uploadInParts(ctx, upload, protocolOf(ctx), { partBytes: PART });
    await expect(once()).rejects.toThrow();
    server.state.uploads.clear();
    expect(await once()).toBe('completed');
    expect(isWhole()).toBe(true);
  });

  it('has no more parts than a service takes', () => {
    expect(partBytesFor(1_000)).toBe(8 * 1024 * 1024);
    for (const size of [5e9, 5e12]) expect(Math.ceil(size / partBytesFor(size))).toBeLessThanOrEqual(10_000);
  });
});
