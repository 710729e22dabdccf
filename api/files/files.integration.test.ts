import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { storeStream, writeFileOf } from '../../db/index.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
const BYTES = randomBytes(2_500_000);
const SHA = createHash('sha256').update(BYTES).digest('hex');

/** A file in parts. */
async function put(path: string): Promise<void> {
  const source = async function* () {
    yield BYTES;
  };
  await storeStream(api.store.inside, source());
  await api.store.inside((tx) => writeFileOf(tx, { path, sha256: SHA, contentType: 'text/html' }));
}

async function download(address: string, headers: Record<string, string> = {}) {
  const answer = await api.app().request(`/api${address}`, { headers });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

it('downloads a file, or a part of it, and goes on where it stopped', async () => {
  await put('reports/größe "1".html');
  const address = `/files/content?path=${encodeURIComponent('reports/größe "1".html')}`;
  const whole = await download(address);
  expect(whole.bytes.equals(BYTES)).toBe(true);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-length': String(BYTES.length),
    'accept-ranges': 'bytes',
    etag: `"${SHA}"`,
  });
  const rest = await download(address, { range: 'bytes=1048570-', 'if-range': `"${SHA}"` });
  expect([rest.status, rest.headers.get('content-range')]).toEqual([206, `bytes 1048570-2499999/2500000`]);
  expect(rest.bytes.equals(BYTES.subarray(1_048_570))).toBe(true);
  const changed = await download(address, { range: 'bytes=5-', 'if-range': '"another"' });
  expect([changed.status, changed.bytes.length]).toEqual([200, BYTES.length]);
  const none = await download(address, { range: 'bytes=2500000-' });
  expect([none.status, none.headers.get('content-range')]).toEqual([416, 'bytes */2500000']);
});

it('downloads what a run refers to', async () => {
  await put('a.bin');
  const part = await download(`/blobs/${SHA}`, { range: 'bytes=-10' });
  expect(part.bytes.equals(BYTES.subarray(-10))).toBe(true);
});

it('shows nothing in a browser that strangers may have stored', async () => {
  await put('page.html');
  const { headers } = await download('/files/content?path=page.html');
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('content-disposition')).toMatch(/^attachment/);
  expect(headers.get('content-security-policy')).toContain('sandbox');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

it('knows nothing of what is not there, also of another workspace', async () => {
  await put('mine.bin');
  const other = api.appOf('b');
  for (const address of [`/blobs/${SHA}`, '/files/content?path=mine.bin', `/blobs/${'0'.repeat(64)}`]) {
    const answer = await other.request(`/api${address}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'file.notFound']);
  }
  for (const address of ['/blobs/..', '/blobs/abc', '/files/content', `/files/content?path=${'x'.repeat(600)}`])
    expect((await other.request(`/api${address}`)).status).toBeGreaterThanOrEqual(400);
});
