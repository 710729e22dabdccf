import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { sweep } from '../testing/sweep.ts';
import { useDatabase } from '../testing/tenants.ts';
import { whileHeld } from '../testing/while-held.ts';
import { finishUpload, getBlob, linkRunBlob, putBlob } from './blobs/blobs.ts';
import { putPart } from './blobs/parts.ts';
import { deleteFile, filesSince, lastFile, listFiles, readFile, writeFile, writeFileOf } from './files.ts';

const store = useDatabase();

describe('blobs', () => {
  it('come back equal by their SHA-256, even 12 MB of them', async () => {
    for (const bytes of [new Uint8Array(), randomBytes(100), randomBytes(12 * 1024 * 1024)]) {
      const { sha256, size } = await store.inside((tx) => putBlob(tx, { bytes, runId: 'r1' }));
      expect({ sha256, size }).toEqual({
        sha256: createHash('sha256').update(bytes).digest('hex'),
        size: bytes.byteLength,
      });
      const read = await store.inside((tx) => getBlob(tx, { sha256 }));
      expect(Buffer.compare(Buffer.from(read!), Buffer.from(bytes))).toBe(0);
    }
  });

  it('store a view of a larger buffer as that view', async () => {
    const { sha256 } = await store.inside((tx) => putBlob(tx, { bytes: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) }));
    expect([...(await store.inside((tx) => getBlob(tx, { sha256 })))!]).toEqual([2, 3]);
  });

  it('may be stored twice, and at once', async () => {
    const bytes = randomBytes(1000);
    const all = await Promise.all(Array.from({ length: 4 }, () => store.inside((tx) => putBlob(tx, { bytes }))));
    expect(new Set(all.map((b) => b.sha256)).size).toBe(1);
    await store.inside((tx) => linkRunBlob(tx, { runId: 'r', sha256: all[0]!.sha256 }));
    await store.inside((tx) => linkRunBlob(tx, { runId: 'r', sha256: all[0]!.sha256 }));
  });

  it('are not read across workspaces, even by a known hash', async () => {
    const { sha256 } = await store.inside((tx) => putBlob(tx, { bytes: Buffer.from('of a') }), 'a');
    expect(await store.inside((tx) => getBlob(tx, { sha256 }), 'b')).toBeNull();
  });
});

describe('old bytes that nobody holds', () => {
  const bytes = randomBytes(100);
  const stored = { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.byteLength };
  const age = () => store.inside((tx) => tx.db.execute(sql`update blob set created_at = now() - interval '2 days'`));
  const read = async () => (await store.inside((tx) => getBlob(tx, stored))) as Uint8Array | null;

  it.each(['put', 'finished'])('are there after they are %s while a sweep removes them', async (how) => {
    await store.inside((tx) => putBlob(tx, { bytes }));
    await age();
    const uploadId = `u-${how}`;
    await store.inside((tx) => putPart(tx, { uploadId, seq: 0, bytes }));
    const again = (): Promise<unknown> =>
      how === 'put'
        ? store.inside((tx) => putBlob(tx, { bytes }))
        : store.inside((tx) => finishUpload(tx, { uploadId, ...stored }));
    expect(await whileHeld(store.inside, sweep, again)).toMatchObject({ waited: true });
    expect(Buffer.from((await read()) ?? []).equals(bytes)).toBe(true);
  });

  it('are kept by a sweep that meets somebody who stores them again', async () => {
    await store.inside((tx) => putBlob(tx, { bytes }));
    await age();
    const put = (tx: Parameters<typeof putBlob>[0]) => putBlob(tx, { bytes });
    expect(await whileHeld(store.inside, put, () => store.inside(sweep))).toMatchObject({ waited: true });
    expect(await read()).not.toBeNull();
  });

  it('are not given to a file while a sweep removes them', async () => {
    await store.inside((tx) => putBlob(tx, { bytes }));
    await age();
    const name = () => store.inside((tx) => writeFileOf(tx, { path: 'late', contentType: null, ...stored }));
    expect(await whileHeld(store.inside, sweep, name)).toEqual({ result: null, waited: true });
    expect(await store.inside((tx) => readFile(tx, { path: 'late' }))).toBeNull();
  });
});

describe('files', () => {
  const text = (value: string) => new TextEncoder().encode(value);

  it('are written, read, listed by prefix and deleted', async () => {
    await store.inside(async (tx) => {
      await writeFile(tx, { path: 'in/b.txt', bytes: text('b'), contentType: 'text/plain' });
      await writeFile(tx, { path: 'in/a.txt', bytes: text('a'), contentType: null });
      await writeFile(tx, { path: 'in_x', bytes: text('x'), contentType: null });
      await writeFile(tx, { path: 'in/b.txt', bytes: text('b2'), contentType: 'text/csv' });
      const read = await readFile(tx, { path: 'in/b.txt' });
      expect({ ...read, bytes: Buffer.from(read!.bytes).toString() }).toMatchObject({
        bytes: 'b2',
        contentType: 'text/csv',
      });
      expect(read!.modifiedAt).toMatch(/^\d{4}-.*Z$/);
      expect((await listFiles(tx, { prefix: 'in/', limit: 10 })).map((f) => [f.path, f.size])).toEqual([
        ['in/a.txt', 1],
        ['in/b.txt', 2],
      ]);
      expect((await listFiles(tx, { prefix: 'in_', limit: 10 })).map((f) => f.path)).toEqual(['in_x']);
      expect((await listFiles(tx, { prefix: '', limit: 1 })).map((f) => f.path)).toEqual(['in/a.txt']);
      expect(await deleteFile(tx, { path: 'in_x' })).toEqual({ deleted: true });
      expect(await deleteFile(tx, { path: 'in_x' })).toEqual({ deleted: false });
      expect(await readFile(tx, { path: 'in_x' })).toBeNull();
    });
  });

  it('are written once for an idempotency key', async () => {
    const write = (body: string) =>
      store.inside((tx) => writeFile(tx, { path: 'once', bytes: text(body), contentType: null, idempotencyKey: 'f' }));
    const first = await write('one');
    await store.inside((tx) => writeFile(tx, { path: 'once', bytes: text('later'), contentType: null }));
    expect(await write('one')).toEqual(first);
    expect(Buffer.from((await store.inside((tx) => readFile(tx, { path: 'once' })))!.bytes).toString()).toBe('later');
  });

  it('refuse paths that are empty or too long', async () => {
    const write = (path: string) => store.inside((tx) => writeFile(tx, { path, bytes: text(''), contentType: null }));
    await expect(write('')).rejects.toMatchObject({ code: 'file.pathInvalid' });
    await expect(write('p'.repeat(513))).rejects.toMatchObject({ code: 'file.pathInvalid' });
  });
});

describe('written files', () => {
  it('come in order of their writes, from a place on, within their workspace and prefix', async () => {
    const write = (path: string, workspace = 'a') =>
      store.inside((tx) => writeFile(tx, { path, bytes: Buffer.from(path), contentType: null }), workspace);
    for (const path of ['w/2', 'w/1', 'v/1', 'w_/x']) await write(path);
    await write('w/other', 'b');
    const since = (after: { modifiedAt: string; path: string } | null, limit = 10) =>
      store.inside((tx) => filesSince(tx, { prefix: 'w/', after, limit }));
    const all = await since(null);
    expect(new Set(all.map(({ path }) => path))).toEqual(new Set(['w/1', 'w/2']));
    expect(await since(all[0]!)).toEqual([all[1]]);
    expect(await store.inside((tx) => lastFile(tx, { prefix: 'w/' }))).toEqual(all[1]);
    await write('w/0');
    expect((await since(all[1]!)).map(({ path }) => path)).toEqual(['w/0']);
    expect(await since(null, 1)).toEqual([all[0]]);
    expect(await store.inside((tx) => lastFile(tx, { prefix: 'nothing' }))).toBeNull();
  });
});

describe('blobs that nobody holds', () => {
  it('are removed a day after the last run or file let go of them, and not before', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'blobs');
    const put = (text: string, runId?: string) =>
      inside((tx) => putBlob(tx, { bytes: Buffer.from(text), ...(runId && { runId }) })).then(({ sha256 }) => sha256);
    const [held, free, fresh, again] = [
      await put('held', 'r1'),
      await put('free'),
      await put('fresh'),
      await put('again'),
    ];
    await inside((tx) => writeFile(tx, { path: 'kept', bytes: Buffer.from('file'), contentType: null }));
    const grow = (sha256: string) =>
      sql`update blob set created_at = now() - interval '2 days' where sha256 <> ${sha256}`;
    await inside((tx) => tx.db.execute(grow(fresh)));
    // Whoever stores the same bytes again may be about to hold them.
    await put('again');
    await inside(sweep);
    const { rows } = await inside((tx) => tx.db.execute<{ sha256: string }>(sql`select sha256 from blob`));
    const left = rows.map(({ sha256 }) => sha256);
    expect(left).toEqual(expect.arrayContaining([held, fresh, again]));
    expect(left).not.toContain(free);
    expect(left).toHaveLength(4);
  });
});
