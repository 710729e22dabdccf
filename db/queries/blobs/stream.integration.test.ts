import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { sweep } from '../../testing/sweep.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { getBlob } from './blobs.ts';
import { openBlob, storeStream } from './stream.ts';

const MB = 1024 * 1024;
const store = useDatabase();
const within = store.inside;

async function* chunks(size: number, each = 300_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += each) yield randomBytes(Math.min(each, size - at));
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

const partsStored = async (workspace = 'a'): Promise<number> => {
  const { rows } = await store.inside(
    (tx) => tx.db.execute(sql`select count(*)::int as count from blob_part`),
    workspace,
  );
  return Number(rows[0]!.count);
};

it.each([0, 1, MB - 1, MB, MB + 1, 5 * MB + 77])(
  'gives back %d bytes as they were, whole and from any position',
  async (size) => {
    const bytes = randomBytes(size);
    const source = async function* () {
      for (let at = 0; at < size; at += 777_777) yield bytes.subarray(at, at + 777_777);
    };
    const stored = await storeStream(within, source());
    expect(stored).toEqual({ size, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(Buffer.from((await within((tx) => getBlob(tx, stored)))!).equals(bytes)).toBe(true);
    for (const [from, length] of [
      [0, undefined],
      [1, 10],
      [MB - 3, 6],
      [2 * MB, MB],
      [size - 1, 100],
    ] as const) {
      if (from < 0 || from > size) continue;
      const opened = await openBlob(within, {
        sha256: stored.sha256,
        from,
        ...(length === undefined ? {} : { length }),
      });
      const expected = bytes.subarray(from, length === undefined ? size : from + length);
      expect(opened!.size).toBe(size);
      expect((await whole(opened!.bytes)).equals(expected)).toBe(true);
    }
  },
);

it('stores the same bytes once', async () => {
  const bytes = randomBytes(3 * MB);
  const source = async function* () {
    yield bytes;
  };
  const before = await partsStored();
  await Promise.all([storeStream(within, source()), storeStream(within, source())]);
  await storeStream(within, source());
  expect((await partsStored()) - before).toBe(3);
});

it('keeps nothing of what ends in an error', async () => {
  const before = await partsStored();
  const broken = async function* () {
    yield* chunks(4 * MB);
    throw new Error('the sender is gone');
  };
  await expect(storeStream(within, broken())).rejects.toThrow('the sender is gone');
  expect(await partsStored()).toBe(before);
});

it('sweeps what a process left that ended in the middle, and nothing else', async () => {
  const kept = await storeStream(within, chunks(3 * MB));
  await store.inside((tx) =>
    tx.db.execute(sql`insert into blob_part (workspace_id, upload_id, seq, data) values ('a', 'left', 0, 'x')`),
  );
  await store.inside((tx) => tx.db.execute(sql`update blob_part set at = now() - interval '2 days'`));
  const before = await partsStored();
  await store.inside(sweep);
  expect(await partsStored()).toBe(before - 1);
  expect((await whole((await openBlob(within, kept))!.bytes)).byteLength).toBe(3 * MB);
});

it('belongs to one workspace', async () => {
  const stored = await storeStream(within, chunks(2 * MB));
  expect(await openBlob((work) => store.inside(work, 'b'), stored)).toBeNull();
  expect(await partsStored('b')).toBe(0);
});

it('takes little memory, however much there is', async () => {
  const size = 64 * MB;
  const base = process.memoryUsage().rss;
  let highest = base;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 20);
  const stored = await storeStream(within, chunks(size));
  let read = 0;
  for await (const part of (await openBlob(within, stored))!.bytes) read += part.byteLength;
  clearInterval(watch);
  expect(read).toBe(size);
  expect((highest - base) / MB).toBeLessThan(150);
});
