import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../db/index.ts';
import { until } from '../embedded/process/wait.ts';
import { openRedis, type RedisLink } from '../redis/link.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { migratedDatabase } from '../scripts/testing/postgres.ts';
import { startRedis, type TestRedis } from '../scripts/testing/redis.ts';
import { createLines } from './lines.ts';
import { pause, reserve } from './pacing.ts';
import { postgresPace } from './postgres.ts';
import { redisPace } from './redis.ts';
import type { Bucket, PaceStore } from './store.ts';

const RATE = { limit: 100, perMs: 1_000, burst: 1 };
const SLOW = { limit: 100, perMs: 100 * 3_600_000, burst: 100 };
const log = { info: () => undefined, warn: () => undefined };
let keys = 0;
const bucket = (rate: Bucket['rate'] = RATE): Bucket => ({ workspace: 'default', key: `k${keys++}`, rate });

/** What two processes promise together, whatever their store. */
function promises(stores: () => readonly [PaceStore, PaceStore]): void {
  it('is exact, however many processes ask at the same time', async () => {
    const shared = bucket(SLOW);
    const asked = Array.from({ length: 60 }, (_, index) => stores()[index % 2]!.change(shared, reserve(2)));
    const counts = (await Promise.all(asked)).map(({ count }) => count);
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
  });

  it('gives turns at the whole rate and never faster', async () => {
    const shared = bucket();
    const lines = stores().map(createLines);
    for (const each of lines) each.answered(shared);
    const begun = performance.now();
    const waits = { returns: false, patienceMs: 60_000, signal: new AbortController().signal };
    const turns = Array.from({ length: 200 }, async (_, index) => {
      await lines[index % 2]!.turn(shared, waits);
      return performance.now() - begun;
    });
    const times = (await Promise.all(turns)).sort((a, b) => a - b);
    for (const [index, time] of times.entries()) expect(time).toBeGreaterThan(index * 10 - 30);
    expect(times.at(-1)).toBeLessThan(1_990 * 1.25);
  });

  it('holds up one bucket for all processes, and no other', async () => {
    const [here, there] = stores();
    const [paused, other] = [bucket(), bucket()];
    await here.change(paused, pause(60_000));
    expect(await there.change(paused, reserve(1))).toMatchObject({ count: 0 });
    expect(await there.change(other, reserve(1))).toMatchObject({ count: 1 });
  });
}

describe('a pace in Postgres', () => {
  let database: Database;
  let drop: () => Promise<void>;
  let store: PaceStore;
  beforeAll(async () => {
    const test = await migratedDatabase();
    drop = test.drop;
    database = openDatabase(test.url);
    store = postgresPace(database);
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });
  promises(() => [store, store]);

  it('belongs to one workspace', async () => {
    const mine = bucket(SLOW);
    expect(await store.change(mine, reserve(100))).toMatchObject({ count: 100 });
    expect(await store.change({ ...mine, workspace: 'other' }, reserve(100))).toMatchObject({ count: 100 });
  });
});

describeWith(['redis'], 'a pace in Redis', () => {
  let server: TestRedis;
  let links: [RedisLink, RedisLink];
  let stores: [PaceStore, PaceStore];
  const areUp = (wanted: boolean) =>
    until(() => links.every((link) => link.isUp() === wanted), { withinMs: 15_000, everyMs: 10 });
  beforeAll(async () => {
    server = await startRedis();
    links = [await openRedis(server.url, log), await openRedis(server.url, log)];
    stores = [redisPace(links[0]), redisPace(links[1])];
    expect(await areUp(true)).toBe(true);
  });
  afterAll(async () => {
    for (const link of links) await link.close();
    await server.dispose();
  });
  promises(() => stores);

  it('is a quarter for each process while Redis is lost, and exact again afterwards', async () => {
    const shared = bucket(SLOW);
    await server.kill();
    expect(await areUp(false)).toBe(true);
    for (const store of stores) expect(await store.change(shared, reserve(100))).toMatchObject({ count: 25 });
    await server.start();
    expect(await areUp(true)).toBe(true);
    const counts = await Promise.all(stores.map((store) => store.change(shared, reserve(60))));
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual([40, 60]);
  });
});
