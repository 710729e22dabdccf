/** One embedded Postgres for all test files of a run. Its data folder is removed at the end. */
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate/migrate.ts';
import { ensureDatabase, startPostgres } from '../../embedded/postgres/server.ts';
import { freePort } from '../../embedded/process/ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A database that is migrated once, and copied for each test that needs Blok's tables. */
const MIGRATED = 'migrated';

/** Starts the server and tells the tests its address; the function returned stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder('postgres');
  const server = await startPostgres({
    folder: folder.path,
    port: await freePort(),
    logFile: join(folder.path, 'postgres.log'),
    durable: false,
    maxConnections: 300,
    preload: 'pg_stat_statements',
  });
  await ensureDatabase(server, MIGRATED);
  await migrate(server.url(MIGRATED));
  project.provide('migratedDatabase', MIGRATED);
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.process.stop();
    folder.remove();
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the database `postgres` of the shared server; its user may create other databases. */
    postgresUrl: string;
    /** Name of a migrated database on it that nobody is connected to: a template for others. */
    migratedDatabase: string;
  }
}
