import { describe, expect, it } from 'vitest';
import { readEnvironment } from './config.ts';

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
    });
  });

  it('names every variable that is wrong, never its value', () => {
    const read = () =>
      readEnvironment({ DATABASE_URL: 'mysql://u:hunter2@h/d', PORT: '99999', BLOK_PUBLIC_URL: 'hunter2' });
    expect(read).toThrow(/DATABASE_URL must begin with postgres:[\s\S]*BLOK_PUBLIC_URL[\s\S]*PORT must be a port/);
    expect(read).not.toThrow(/hunter2/);
    expect(() => readEnvironment({})).toThrow(/DATABASE_URL is missing\. Example/);
  });
});
