import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBus } from '../bus/index.ts';
import { until } from '../embedded/process/wait.ts';
import { openRedis, type RedisLink } from '../redis/link.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { startRedis, type TestRedis } from '../scripts/testing/redis.ts';
import { openThrottle, type Rate, type Throttle } from './index.ts';

/** So slow that nothing comes back during a test. */
const SLOW: Rate = { limit: 100, perMs: 100 * 3_600_000, burst: 100 };

describeWith(['redis'], 'limits in Redis', () => {
  let server: TestRedis;
  let links: RedisLink[];
  let throttles: Throttle[];
  let key: string;
  let keys = 0;
  const log = { info: () => undefined, warn: () => undefined };
  const areUp = (wanted: boolean) =>
    until(() => links.every((link) => link.isUp() === wanted), { withinMs: 15_000, everyMs: 10 });
  beforeAll(async () => {
    server = await startRedis();
    links = await Promise.all([openRedis(server.url, log), openRedis(server.url, log)]);
    throttles = links.map((redis) => openThrottle({ redis, bus: createBus() }));
  });
  afterAll(async () => {
    for (const link of links) await link.close();
    await server.dispose();
  });
  beforeEach(async () => {
    key = `k${keys++}`;
    expect(await areUp(true)).toBe(true);
  });

  const taken = async (throttle: Throttle, count: number, rate: Rate) => {
    const verdicts = await Promise.all(Array.from({ length: count }, () => throttle.take(key, rate)));
    return verdicts.filter(({ allowed }) => allowed).length;
  };
  const takenByBoth = async (count: number, rate = SLOW) => {
    const counts = await Promise.all(throttles.map((throttle) => taken(throttle, count, rate)));
    return counts.reduce((sum, one) => sum + one);
  };

  it('are exact, however many processes take at the same time', async () => {
    for (const burst of [1, 2, 7, 100, 200]) {
      key = `${key}-${burst}`;
      expect(await takenByBoth(burst + 20, { ...SLOW, burst })).toBe(burst);
    }
  });

  it('allow the rate in the long run, and say when to come again', async () => {
    const rate = { limit: 200, perMs: 1_000, burst: 20 };
    const begun = performance.now();
    let count = 0;
    while (performance.now() - begun < 1_000) count += await takenByBoth(5, rate);
    const most = 20 + ((performance.now() - begun) * 200) / 1_000 + 1;
    expect(count).toBeLessThanOrEqual(most);
    expect(count).toBeGreaterThan(most * 0.7);
    await taken(throttles[0]!, 100, SLOW);
    const { retryAfterMs } = await throttles[1]!.look(key, SLOW);
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  it('are not used up by looking', async () => {
    for (let n = 0; n < 50; n++) await throttles[0]!.look(key, SLOW);
    expect(await takenByBoth(100)).toBe(100);
    expect((await throttles[0]!.look(key, { ...SLOW, burst: 200 })).allowed).toBe(true);
  });

  it('leave nothing in Redis once they are paid off, and no key that can be read', async () => {
    const rate = { limit: 2, perMs: 1_000, burst: 10 };
    await throttles[0]!.take('secret', rate);
    const left = () => links[0]!.ask((redis) => redis.keys('blok:throttle:*'));
    expect((await left()).join()).not.toContain('secret');
    const all = (await left()).length;
    expect(all).toBeGreaterThan(0);
    expect(await until(async () => (await left()).length < all, { withinMs: 5_000 })).toBe(true);
  });

  it.each(['killed', 'hung'])(
    'are a quarter for each process while Redis is %s, and shared again after it',
    async (how) => {
      expect(await takenByBoth(30)).toBe(60);
      if (how === 'killed') await server.kill();
      else server.hang();
      // The first that ask do not wait long, and get the quarter, too: never more.
      const begun = performance.now();
      const before = await takenByBoth(200);
      expect(performance.now() - begun).toBeLessThan(1_500);
      expect(before).toBe(2 * 25);
      expect(await areUp(false)).toBe(true);
      const later = performance.now();
      expect(await takenByBoth(1_000)).toBe(0);
      expect(performance.now() - later).toBeLessThan(500);
      if (how === 'killed') await server.start();
      else server.goOn();
      expect(await areUp(true)).toBe(true);
      key = `${key}-again`;
      expect(await takenByBoth(100)).toBe(100);
    },
    30_000,
  );

  it('are a quarter from the beginning if Redis is not there when a process starts', async () => {
    const link = await openRedis('redis://127.0.0.1:9', log);
    const throttle = openThrottle({ redis: link, bus: createBus() });
    expect(await taken(throttle, 200, SLOW)).toBe(25);
    await link.close();
  });
});
