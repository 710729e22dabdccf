import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../db/index.ts';
import { until } from '../embedded/process/wait.ts';
import { openRedis, type RedisLink } from '../redis/link.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { freshDatabase, type TestDatabase } from '../scripts/testing/postgres.ts';
import { startRedis, type TestRedis } from '../scripts/testing/redis.ts';
import { type Bus, openBus } from './index.ts';

let test: TestDatabase;
let databases: Database[];
beforeAll(async () => {
  test = await freshDatabase();
  databases = [0, 1].map(() => openDatabase(test.url, { max: 3 }));
});
afterAll(async () => {
  for (const database of databases) await database.close();
  await test.drop();
});

const soon = { withinMs: 10_000, everyMs: 20 };

/** Tells on one bus until the other has heard; returns what it heard in all. */
async function heardAt(from: Bus, to: Bus, topic: string): Promise<string[]> {
  const heard: string[] = [];
  const { stop } = to.subscribe(topic, (hint) => heard.push(hint));
  let n = 0;
  const isHeard = () => {
    if (heard.some((hint) => hint !== '')) return true;
    from.publish(topic, `ü${++n}`);
    return false;
  };
  expect(await until(isHeard, soon)).toBe(true);
  stop();
  return heard;
}

describeWith([], 'a bus on Postgres', () => {
  let buses: Bus[];
  beforeAll(() => {
    buses = databases.map((database) => openBus({ redis: undefined, database }));
  });
  afterAll(async () => {
    for (const bus of buses) await bus.close();
  });

  it('is heard by the other process', async () => {
    await heardAt(buses[0]!, buses[1]!, 'a');
  });

  it('tells to look, and is heard again, after the connection broke', async () => {
    await heardAt(buses[0]!, buses[1]!, 'b');
    const looked: string[] = [];
    buses[1]!.subscribe('c', (hint) => looked.push(hint));
    const admin = openDatabase(test.url, { max: 1 });
    const { Client } = await import('pg');
    const client = new Client({ connectionString: test.url });
    await client.connect();
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and datname = current_database()",
    );
    await client.end();
    await admin.close();
    expect(await until(() => looked.includes(''), soon)).toBe(true);
    await heardAt(buses[0]!, buses[1]!, 'd');
  });
});

describeWith(['redis'], 'a bus on Redis', () => {
  let server: TestRedis;
  let links: RedisLink[];
  let buses: Bus[];
  const log = { info: () => undefined, warn: () => undefined };
  beforeAll(async () => {
    server = await startRedis();
    links = await Promise.all([openRedis(server.url, log), openRedis(server.url, log)]);
    buses = links.map((redis, at) => openBus({ redis, database: databases[at]! }));
  });
  afterAll(async () => {
    for (const bus of buses) await bus.close();
    for (const link of links) await link.close();
    await server.dispose();
  });
  afterEach(async () => {
    expect(await until(() => links.every((link) => link.isUp()), soon)).toBe(true);
  });

  it('is heard by the other process', async () => {
    await heardAt(buses[0]!, buses[1]!, 'a');
  });

  it('tells to look, and is heard again, after Redis was killed; what was told meanwhile arrives', async () => {
    await heardAt(buses[0]!, buses[1]!, 'b');
    const heard: string[] = [];
    buses[1]!.subscribe('c', (hint) => heard.push(hint));
    await server.kill();
    buses[0]!.publish('c', 'meanwhile');
    await server.start();
    expect(await until(() => heard.includes('') && heard.includes('meanwhile'), soon)).toBe(true);
  });

  it('goes on after Redis has hung, for a moment and for longer than a connection is silent', async () => {
    for (const ms of [300, 6_000]) {
      await heardAt(buses[0]!, buses[1]!, `before ${ms}`);
      server.hang();
      const begun = Date.now();
      expect(await until(() => !links[0]!.isUp() && Date.now() - begun > ms, soon)).toBe(true);
      server.goOn();
      await heardAt(buses[0]!, buses[1]!, `after ${ms}`);
    }
  }, 30_000);
});
