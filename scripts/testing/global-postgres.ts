/** One embedded Postgres for all test files of a run. Its data folder is removed at the end. */
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../embedded/postgres/server.ts';
import { freePort } from '../../embedded/process/ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

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
  }
}
