/** The embedded Postgres, started and ready. */
import { join } from 'node:path';
import postgres from 'postgres';
import { type ServerProcess, type ServerSpec, startServerProcess } from '../process/server-process.ts';
import { until } from '../process/wait.ts';
import { onceReleased, StillInUse, saysStillInUse } from './after-another.ts';
import { postgresBinaries } from './binaries.ts';
import { ADMIN, type Cluster, clearStaleServer, ensureCluster, LOGIN } from './cluster.ts';
import { makePostgresFolder, postgresUser } from './user.ts';

/** What to start. */
export interface PostgresOptions {
  /** Holds data folder and password. */
  readonly folder: string;
  readonly port: number;
  readonly logFile: string;
  /** False for tests only: data may be lost if the machine stops. Default true. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
  /** Library that the server loads, such as `pg_stat_statements`. */
  readonly preload?: string;
  readonly onSpawn?: ServerSpec['onSpawn'];
  /** Aborts waiting for the server to be ready. */
  readonly signal?: AbortSignal;
}

/** A running embedded Postgres. */
export interface PostgresServer {
  readonly process: ServerProcess;
  /** Address of a database of this server, for its administrator. */
  readonly url: (database: string) => string;
  /** Address of a database for API and worker; `prepareRoles` makes the role. */
  readonly loginUrl: (database: string) => string;
}

/** How long recovery after a crash may take before we say that Postgres does not start. */
const READY_WITHIN_MS = 60_000;

/**
 * Makes the data folder if necessary and starts Postgres on 127.0.0.1, after clearing what a killed one left behind, and
 * as soon as the last processes of that one have ended.
 * @throws Error that says what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const cluster = await prepareCluster(options);
  return onceReleased(() => launch(cluster, options), { signal: options.signal });
}

async function prepareCluster({ folder, durable = true }: PostgresOptions): Promise<Cluster> {
  const binaries = postgresBinaries();
  makePostgresFolder(folder, join(folder, 'data'));
  const cluster = await ensureCluster(binaries, { folder, user: user(folder), sync: durable });
  await clearStaleServer(cluster);
  return cluster;
}

async function launch(cluster: Cluster, options: PostgresOptions): Promise<PostgresServer> {
  const settings = {
    listen_addresses: '127.0.0.1',
    // TCP only, because a socket file in a shared folder would be one more thing that can become stale.
    unix_socket_directories: '',
    log_checkpoints: 'off',
    max_connections: String(options.maxConnections ?? 100),
    ...(options.preload === undefined ? {} : { shared_preload_libraries: options.preload }),
    ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const process_ = await startServerProcess({
    name: 'Postgres',
    file: postgresBinaries().postgres,
    args: [
      '-D',
      cluster.dataFolder,
      '-p',
      String(options.port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { ...process.env, LC_ALL: 'C' },
    cwd: '/',
    logFile: options.logFile,
    // Postgres's "fast shutdown": it ends sessions, writes everything and stops. SIGTERM would wait for every client.
    stopSignal: 'SIGINT',
    runAs: user(options.folder),
    onSpawn: options.onSpawn,
  });
  const urlOf = (role: string, password: string) => (database: string) =>
    `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${options.port}/${database}`;
  const url = urlOf(ADMIN, cluster.password);
  const ready = await until(
    async () => (process_.end() ? 'ended' : await accepts(url('postgres')).catch(() => undefined)),
    { withinMs: READY_WITHIN_MS, signal: options.signal },
  );
  if (ready === 'ready') return { process: process_, url, loginUrl: urlOf(LOGIN, cluster.loginPassword) };
  await process_.stop(2_000);
  const said = process_.tail();
  if (ready === 'ended' && saysStillInUse(said)) {
    throw new StillInUse(
      `Postgres cannot start: processes of the Postgres that ran before still use ${cluster.dataFolder}. ` +
        `End them (their names begin with \`postgres:\`), then start again. The end of ${options.logFile}:\n${said}`,
    );
  }
  const how =
    ready === 'ended' ? `ended at once (${process_.end()})` : `is not ready after ${READY_WITHIN_MS / 1000} s`;
  throw new Error(
    `Postgres ${how}. The end of ${options.logFile}:\n${said}\n` +
      `If its data is broken, put ${options.folder} back from a backup, or move it away to begin with an empty database.`,
  );
}

/** Makes a database if it does not exist. */
export async function ensureDatabase(server: PostgresServer, database: string): Promise<void> {
  const sql = connect(server.url('postgres'));
  try {
    const found = await sql`select 1 from pg_database where datname = ${database}`;
    if (found.length === 0) await sql.unsafe(`create database "${database}"`);
  } finally {
    await sql.end();
  }
}

async function accepts(url: string): Promise<'ready'> {
  const sql = connect(url);
  try {
    await sql`select 1`;
    return 'ready';
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function connect(url: string) {
  return postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 });
}

function user(folder: string) {
  return postgresUser(join(folder, 'data'), [folder, postgresBinaries().postgres]);
}
