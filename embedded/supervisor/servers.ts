/** The servers of an embedded Blok, each started and noted. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../boot/node-flags.mjs';
import { startChainServer } from '../chain/server.ts';
import { ensureDatabase, startPostgres } from '../postgres/server.ts';
import { letPostgresPass } from '../postgres/user.ts';
import type { ProcessIdentity } from '../process/identity.ts';
import { type ServerProcess, startServerProcess } from '../process/server-process.ts';
import { until } from '../process/wait.ts';
import { type DevServerUi, startDevServer } from '../temporal/dev-server.ts';
import type { Home } from './home.ts';
import { forget, note } from './orphans.ts';

/** Database of the embedded Postgres. */
const DATABASE = 'blok';

/**
 * Keeps the memory of API and worker small. Short runs leave much garbage: with Node's usual 16 MB for new objects, and
 * with an arena of the C library for each of its many threads, the process holds half as much again, at the same speed.
 * The C library of Linux also takes ever larger blocks from one heap, once a large one was freed, and the heap is not
 * given back while anything at its end is in use. With fixed thresholds, what is larger than 256 KB is given back at once.
 */
const SMALL = {
  flags: ['--max-semi-space-size=8'],
  env: { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '1048576' },
};

/** How long the API and the worker may take to be ready: the first start bundles the workflow code. */
const READY_WITHIN_MS = 90_000;

/**
 * Starts Postgres with its database. Resolves when both are ready.
 * @returns the addresses of the database: for API and worker, and for the administrator
 */
export async function postgresServer(home: Home, port: number, signal: AbortSignal) {
  letPostgresPass(home.path, join(home.postgres, 'data'));
  const server = await startPostgres({
    folder: home.postgres,
    port,
    logFile: join(home.logs, 'postgres.log'),
    onSpawn: noting(home, 'Postgres', 'SIGINT'),
    signal,
  });
  forgetAtEnd(home, server.process);
  try {
    await ensureDatabase(server, DATABASE);
  } catch (error) {
    await server.process.stop();
    throw error;
  }
  return { process: server.process, url: server.loginUrl(DATABASE), adminUrl: server.url(DATABASE) };
}

/** Starts the Temporal dev server. Resolves when its namespace is ready. */
export async function temporalServer(
  home: Home,
  options: { readonly cli: string; readonly port: number; readonly ui: DevServerUi },
  signal: AbortSignal,
): Promise<ServerProcess> {
  const server = await startDevServer({
    ...options,
    databaseFile: home.temporalDatabase,
    logFile: join(home.logs, 'temporal.log'),
    onSpawn: noting(home, 'Temporal', 'SIGTERM'),
    signal,
  });
  return forgetAtEnd(home, server.process);
}

/** Starts the playground's chain. Resolves when it answers. */
export async function chainServer(
  home: Home,
  options: { readonly module: string; readonly port: number },
  signal: AbortSignal,
): Promise<ServerProcess> {
  const logFile = join(home.logs, 'chain.log');
  return forgetAtEnd(
    home,
    await startChainServer({ ...options, logFile, onSpawn: noting(home, 'Chain', 'SIGTERM'), signal }),
  );
}

/**
 * Starts the process with API and worker. Resolves when `/api/health/ready` says so.
 * @param file the program; another one in tests
 * @throws Error with the end of its log
 */
export async function blokServer(
  home: Home,
  options: { readonly file: string; readonly env: NodeJS.ProcessEnv; readonly url: string },
  signal: AbortSignal,
): Promise<ServerProcess> {
  const logFile = join(home.logs, 'blok.log');
  const server = await startServerProcess({
    name: 'Blok',
    file: process.execPath,
    args: [...NODE_FLAGS, ...SMALL.flags, options.file],
    env: { ...SMALL.env, ...options.env },
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    logFile,
    // The server ends itself when this channel closes: on every platform, however this process ended.
    ipc: true,
    onSpawn: noting(home, 'Blok', 'SIGTERM'),
  });
  forgetAtEnd(home, server);
  const ready = await until<string | true>(() => server.end() ?? isReady(options.url), {
    withinMs: READY_WITHIN_MS,
    everyMs: 100,
    signal,
  });
  if (ready === true) return server;
  await server.stop(3_000);
  const how = server.end() && ready ? `ended (${ready})` : `is not ready after ${READY_WITHIN_MS / 1000} s`;
  throw new Error(`API and worker: the process ${how}. The end of ${logFile}:\n${server.tail()}`);
}

async function isReady(url: string): Promise<true | undefined> {
  try {
    const response = await fetch(`${url}/api/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200 ? true : undefined;
  } catch {
    return undefined;
  }
}

function noting(home: Home, name: string, stopSignal: NodeJS.Signals) {
  return (identity: ProcessIdentity) => note(home.run, name, identity, stopSignal);
}

function forgetAtEnd(home: Home, server: ServerProcess): ServerProcess {
  void server.ended.then(() => forget(home.run, server.name));
  return server;
}
