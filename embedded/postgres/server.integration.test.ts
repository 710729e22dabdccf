import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryFolder, temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { identify, isSame, type ProcessIdentity } from '../process/identity.ts';
import { freePort } from '../process/ports.ts';
import { until } from '../process/wait.ts';
import { type PostgresOptions, type PostgresServer, startPostgres } from './server.ts';

let folder: TemporaryFolder;
let options: PostgresOptions;
let server: PostgresServer;
let session: ProcessIdentity;

/** A Postgres that was killed, and of which one session has not noticed: it is stopped. */
beforeEach(async () => {
  folder = temporaryFolder('postgres-killed');
  options = { folder: folder.path, port: await freePort(), logFile: join(folder.path, 'postgres.log'), durable: false };
  server = await startPostgres(options);
  const sql = postgres(server.url('postgres'), { max: 1, onnotice: () => {} });
  // What is not durable may be lost even by a kill; this row is written before it is answered.
  await sql`set synchronous_commit = on`;
  await sql`create table kept as select 7 as n`;
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  session = identify(row!.pid)!;
  process.kill(session.pid, 'SIGSTOP');
  process.kill(server.process.pid, 'SIGKILL');
  await server.process.ended;
  await sql.end({ timeout: 0 });
});

afterEach(async () => {
  await server.process.stop();
  if (isSame(session)) process.kill(session.pid, 'SIGKILL');
  folder.remove();
});

/** Resolves when Postgres has refused to start because of the session. */
async function refused() {
  const log = () => readFileSync(options.logFile, 'utf8');
  expect(await until(() => log().includes('pre-existing shared memory block'), { withinMs: 20_000 })).toBe(true);
}

describe('a start right after a kill -9', () => {
  it('succeeds as soon as the last session of the killed one has ended', async () => {
    const letGo = async () => {
      await refused();
      expect(isSame(session)).toBe(true);
      process.kill(session.pid, 'SIGCONT');
    };
    [server] = await Promise.all([startPostgres(options), letGo()]);
    expect(isSame(session)).toBe(false);
    const sql = postgres(server.url('postgres'), { max: 1 });
    expect(await sql`select n from kept`).toEqual([{ n: 7 }]);
    await sql.end();
  });

  it('says what is in the way if that session does not end, and nothing of broken data', async () => {
    const waiting = new AbortController();
    const start = startPostgres({ ...options, signal: waiting.signal }).catch((error: Error) => error.message);
    await refused();
    waiting.abort();
    const said = await start;
    expect(said).toContain(`processes of the Postgres that ran before still use ${join(folder.path, 'data')}`);
    expect(said).not.toContain('broken');
  });
});
