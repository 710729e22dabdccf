import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../embedded/process/wait.ts';
import { testCertificate } from '../integrations/testing/certificate.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { startRedis, type TestRedis } from '../scripts/testing/redis.ts';
import { openRedis } from './link.ts';

describeWith(['redis'], 'a Redis that speaks TLS', () => {
  const certificate = testCertificate();
  const authorities = getCACertificates('default');
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis({ tls: certificate });
  });
  afterAll(async () => {
    setDefaultCACertificates(authorities);
    await server.dispose();
  });

  /** What the link to an address says of it: that it is up, or why not. */
  async function opened(url: string) {
    const said: string[] = [];
    const note = (facts: unknown, words?: string) => void said.push(`${words} ${JSON.stringify(facts)}`);
    const link = await openRedis(url, { info: () => undefined, warn: note });
    return { link, said };
  }

  it('is used if an authority that the process trusts has signed for its name, also for listening, and after a kill', async () => {
    setDefaultCACertificates([...authorities, certificate.cert]);
    for (const url of [server.url, server.url.replace('127.0.0.1', 'localhost')]) {
      const { link } = await opened(url);
      expect(await until(() => link.isUp(), { withinMs: 10_000 })).toBe(true);
      const heard: string[] = [];
      const listening = link.listen('channel', { heard: (text) => void heard.push(text), restored: () => undefined });
      const tell = () => link.ask((redis) => redis.publish('channel', 'hello'));
      expect(await until(async () => (await tell()) > 0 && heard.includes('hello'), { withinMs: 10_000 })).toBe(true);
      await server.kill();
      expect(await until(() => !link.isUp(), { withinMs: 10_000 })).toBe(true);
      await server.start();
      expect(await until(() => link.isUp(), { withinMs: 10_000 })).toBe(true);
      await listening.close();
      await link.close();
    }
  }, 60_000);

  it.each([
    ['whose certificate nobody trusts', (url: string) => url, authorities],
    ['that is asked without TLS', (url: string) => url.replace('rediss:', 'redis:'), [certificate.cert]],
  ])('is not used, and it is said why: one %s', async (_, address, trusted) => {
    setDefaultCACertificates([...trusted]);
    const { link, said } = await opened(address(server.url));
    expect(await until(() => said.length > 0, { withinMs: 10_000 })).toBe(true);
    expect(link.isUp()).toBe(false);
    await expect(link.ask((redis) => redis.ping())).rejects.toThrow('Redis is unavailable');
    await link.close();
  });
});
