import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { effect } from '../schema/index.ts';
import { sweep } from '../testing/sweep.ts';
import { useDatabase } from '../testing/tenants.ts';
import { once } from './effects.ts';
import { deleteKv, getKv, setKv } from './kv.ts';

const store = useDatabase();
const at = (key: string) => ({ workflow: 'w', key });

describe('kv', () => {
  it('reads null before, the value and its version after', async () => {
    await store.inside(async (tx) => {
      expect(await getKv(tx, at('a'))).toEqual({ value: null, version: null });
      expect(await setKv(tx, { ...at('a'), value: { n: 1 } })).toEqual({ value: { n: 1 }, previous: null, version: 1 });
      expect(await setKv(tx, { ...at('a'), value: [2] })).toEqual({ value: [2], previous: { n: 1 }, version: 2 });
      expect(await getKv(tx, at('a'))).toEqual({ value: [2], version: 2 });
      expect(await getKv(tx, { workflow: '', key: 'a' })).toEqual({ value: null, version: null });
    });
  });

  it('keeps any JSON value and any key as it was', async () => {
    const values = [
      '123',
      'null',
      0,
      false,
      'a\u0000b\ud800',
      { '2': 1, '1': { z: [], a: 1e-7 } },
      JSON.parse('{"__proto__": 1}'),
    ];
    await store.inside(async (tx) => {
      for (const [i, value] of values.entries()) {
        const key = `any\u0000\udc00\\${i}`;
        await setKv(tx, { ...at(key), value });
        const read = await getKv(tx, at(key));
        expect(JSON.stringify(read.value)).toBe(JSON.stringify(value));
      }
    });
  });

  it('has the effect once for an idempotency key, even when called at the same time', async () => {
    const write = (value: number) =>
      store.inside((tx) => setKv(tx, { ...at('once'), value, idempotencyKey: 'w/run/step' }));
    const results = await Promise.all([write(1), write(1), write(1), write(1)]);
    expect(results).toEqual(Array(4).fill({ value: 1, previous: null, version: 1 }));
    await store.inside((tx) => setKv(tx, { ...at('once'), value: 9 }));
    expect(await write(1)).toEqual({ value: 1, previous: null, version: 1 });
    expect(await store.inside((tx) => getKv(tx, at('once')))).toEqual({ value: 9, version: 2 });
    const gone = () => store.inside((tx) => deleteKv(tx, { ...at('once'), idempotencyKey: 'w/run/other' }));
    expect(await gone()).toEqual({ previous: 9, deleted: true });
    await store.inside((tx) => setKv(tx, { ...at('once'), value: 10 }));
    expect(await gone()).toEqual({ previous: 9, deleted: true });
    expect((await store.inside((tx) => getKv(tx, at('once')))).value).toBe(10);
  });

  it('keeps neither effect nor ledger row when the transaction fails', async () => {
    const attempt = (fail: boolean) =>
      store.inside(async (tx) => {
        await setKv(tx, { ...at('crash'), value: 1, idempotencyKey: 'crash' });
        if (fail) throw new Error('crashed before commit');
      });
    await attempt(true).catch(() => {});
    expect((await store.inside((tx) => getKv(tx, at('crash')))).version).toBeNull();
    await attempt(false);
    expect((await store.inside((tx) => getKv(tx, at('crash')))).version).toBe(1);
  });

  it('lets one of several writers through when all expect the same version', async () => {
    const first = await Promise.allSettled(
      [1, 2, 3, 4].map((value) => store.inside((tx) => setKv(tx, { ...at('cas'), value, ifVersion: null }))),
    );
    expect(first.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(first.find((r) => r.status === 'rejected')).toMatchObject({ reason: { code: 'kv.conflict' } });
    const next = await Promise.allSettled(
      [5, 6].map((value) => store.inside((tx) => setKv(tx, { ...at('cas'), value, ifVersion: 1 }))),
    );
    expect(next.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });

  it('lets the first writer through at whatever fraction of a millisecond it begins', async () => {
    for (let n = 0; n < 40; n++) {
      const written = await store.inside((tx) => setKv(tx, { ...at(`new-${n}`), value: n, ifVersion: null }));
      expect(written.version).toBe(1);
    }
  });

  it('loses no increment among concurrent writers', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, value) => store.inside((tx) => setKv(tx, { ...at('count'), value }))),
    );
    expect((await store.inside((tx) => getKv(tx, at('count')))).version).toBe(12);
  });

  it('expires, and never repeats a version after expiry or deletion', async () => {
    await store.inside((tx) => setKv(tx, { ...at('ttl'), value: 1, ttlMs: 1 }));
    await store.inside((tx) => tx.db.execute(sql`select pg_sleep(0.005)`));
    expect(await store.inside((tx) => getKv(tx, at('ttl')))).toEqual({ value: null, version: null });
    const again = await store.inside((tx) => setKv(tx, { ...at('ttl'), value: 2, ifVersion: null }));
    expect(again).toEqual({ value: 2, previous: null, version: 2 });
    await store.inside((tx) => deleteKv(tx, at('ttl')));
    expect(await store.inside((tx) => deleteKv(tx, at('ttl')))).toEqual({ previous: null, deleted: false });
    expect((await store.inside((tx) => setKv(tx, { ...at('ttl'), value: 3 }))).version).toBe(4);
  });

  it('refuses keys that are empty or too long, and stores the longest', async () => {
    for (const key of ['', 'k'.repeat(513)]) {
      await expect(store.inside((tx) => setKv(tx, { ...at(key), value: 1 }))).rejects.toMatchObject({
        code: 'kv.keyInvalid',
      });
    }
    const longest = '漢\u0000'.repeat(256);
    await store.inside((tx) => setKv(tx, { ...at(longest), value: 1 }));
    expect((await store.inside((tx) => getKv(tx, at(longest)))).value).toBe(1);
  });
});

describe('once', () => {
  it('returns the first result even if that was nothing', async () => {
    let calls = 0;
    const run = () => store.inside((tx) => once(tx, 'nothing', async () => void calls++));
    await run();
    await run();
    expect(calls).toBe(1);
  });
});

describe('sweep', () => {
  it('removes what expired long ago and keeps the rest', async () => {
    await store.inside(async (tx) => {
      await setKv(tx, { ...at('kept'), value: 1 });
      await setKv(tx, { ...at('old'), value: 1 });
      await tx.db.execute(sql`update kv set expires_at = now() - interval '2 days' where key = 'old'`);
      await once(tx, 'old effect', async () => 1);
      await tx.db.update(effect).set({ at: '2020-01-01T00:00:00.000Z' }).where(sql`result = '1'`);
    });
    expect(await store.inside(sweep)).toBe(2);
    expect(await store.inside(sweep)).toBe(0);
    expect((await store.inside((tx) => getKv(tx, at('kept')))).value).toBe(1);
  });
});
