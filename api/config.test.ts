import { describe, expect, it } from 'vitest';
import { configOf, readEnvironment } from './config.ts';

const DATABASE_URL = 'postgres://blok:hunter2@127.0.0.1/blok';

describe('readEnvironment', () => {
  it('needs the database only', () => {
    expect(readEnvironment({ DATABASE_URL, PORT: '' })).toEqual({
      DATABASE_URL,
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TLS: 'false',
      HOST: '127.0.0.1',
      PORT: 4400,
      BLOK_WORKSPACE: 'default',
      BLOK_HOME: '.blok',
      BLOK_LOG_LEVEL: 'info',
      BLOK_MAX_OPEN_RUNS: 20_000,
      BLOK_MAX_DEPTH: 20,
      BLOK_HOOK_RATE: 1_000,
      BLOK_METRICS_HOST: '127.0.0.1',
      BLOK_TRUSTED_PROXIES: [],
      BLOK_ALLOW_HOSTS: [],
      BLOK_OWN_HOSTS: [],
    });
  });

  it.each(['redis://127.0.0.1:6379', 'rediss://user:p%40ss@redis.example:6380/2'])('takes a Redis: %s', (REDIS_URL) => {
    expect(configOf(readEnvironment({ DATABASE_URL, REDIS_URL })).redisUrl).toBe(REDIS_URL);
  });

  it('names every variable that is wrong, never its value', () => {
    const read = () =>
      readEnvironment({ DATABASE_URL: 'mysql://u:hunter2@h/d', PORT: '99999', BLOK_PUBLIC_URL: 'hunter2' });
    expect(read).toThrow(/DATABASE_URL must begin with postgres:[\s\S]*BLOK_PUBLIC_URL[\s\S]*PORT must be a port/);
    expect(read).not.toThrow(/hunter2/);
    expect(() => readEnvironment({})).toThrow(/DATABASE_URL is missing\. Example/);
    for (const REDIS_URL of ['127.0.0.1:6379', 'http://hunter2', 'redis://', 'hunter2']) {
      expect(() => readEnvironment({ DATABASE_URL, REDIS_URL })).toThrow(/^REDIS_URL must look like redis:.*rediss:/);
    }
    expect(() => readEnvironment({ DATABASE_URL, BLOK_HOOK_RATE: '0', BLOK_TRUSTED_PROXIES: 'proxy' })).toThrow(
      /BLOK_HOOK_RATE must be a whole number from 1 .*\nBLOK_TRUSTED_PROXIES must be addresses or ranges/,
    );
  });
});
