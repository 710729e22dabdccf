import { expect, it } from 'vitest';
import { optionsOf, readEnvironment } from './config.ts';

const DATABASE_URL = 'postgres://blok:hunter2@127.0.0.1/blok';

it('reads what a worker needs, and treats an empty variable as not set', () => {
  const env = readEnvironment({ DATABASE_URL, BLOK_ALLOW_HOSTS: ' 10.0.0.0/8, ,db.local:5432 ', TEMPORAL_API_KEY: '' });
  expect(optionsOf(env)).toEqual({
    databaseUrl: DATABASE_URL,
    namespace: 'default',
    publicUrl: 'http://127.0.0.1:4400',
    allowHosts: ['10.0.0.0/8', 'db.local:5432'],
    ownServers: expect.arrayContaining([{ host: '127.0.0.1', port: 5432, what: 'the database (DATABASE_URL)' }]),
    maxDepth: 20,
    maxOpenRuns: 20_000,
    codeSandbox: 'auto',
    watchFolders: [],
    serves: ['main', 'code', 'wallet'],
    cacheFolder: '.blok/cache',
    quarantine: { temporal: expect.objectContaining({ address: '127.0.0.1:7233', tls: false }) },
    marksFolder: '.blok/run/threads',
  });
});

it('serves the queues that the operator names', () => {
  expect(optionsOf(readEnvironment({ DATABASE_URL, BLOK_QUEUES: 'wallet' })).serves).toEqual(['wallet']);
  expect(optionsOf(readEnvironment({ DATABASE_URL, BLOK_QUEUES: 'main, code' })).serves).toEqual(['main', 'code']);
  expect(() => readEnvironment({ DATABASE_URL, BLOK_QUEUES: 'main,keys' })).toThrow(
    /BLOK_QUEUES.* must be main, code or wallet/,
  );
});

it('names every variable that is wrong and what it must be', () => {
  expect(() => readEnvironment({ DATABASE_URL, BLOK_MAX_DEPTH: 'deep', BLOK_MAX_OPEN_RUNS: '0' })).toThrow(
    /BLOK_MAX_OPEN_RUNS must be a whole number from 1 to 1000000\nBLOK_MAX_DEPTH must be a whole number from 1 to 1000/,
  );
  expect(() => readEnvironment({ DATABASE_URL, BLOK_OWN_HOSTS: 'redis' })).toThrow(/BLOK_OWN_HOSTS must be host:port/);
  expect(() => readEnvironment({ DATABASE_URL, BLOK_WATCH_FOLDERS: '/srv/in, out' })).toThrow(
    /BLOK_WATCH_FOLDERS must be an absolute path/,
  );
  expect(() => readEnvironment({ DATABASE_URL, BLOK_CODE_SANDBOX: 'none', BLOK_LOG_LEVEL: 'loud' })).toThrow(
    /BLOK_LOG_LEVEL must be trace, debug.*\nBLOK_CODE_SANDBOX must be auto, bwrap, namespaces or process/,
  );
});
