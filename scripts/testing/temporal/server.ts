/**
 * A whole Temporal server on Postgres, as in production: for the distributed e2e test and the benchmarks. It is the
 * only program that must be built with Go, because no registry has a build of it.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isFree } from '../../../embedded/process/ports.ts';
import { type ServerProcess, startServerProcess } from '../../../embedded/process/server-process.ts';
import { cacheFolder, makeWhole } from '../../../embedded/programs/cache.ts';
import { startProgress } from '../../../embedded/programs/progress.ts';
import { goBuild, goVersion } from '../../../embedded/temporal/go-build.ts';
import { prepareNamespace } from '../../../embedded/temporal/namespace.ts';
import { SERVER_VERSION } from '../../../embedded/temporal/server-version.ts';
import { dynamicConfig, type ServerPorts, STORE_DATABASE, serverConfig, VISIBILITY_DATABASE } from './server-config.ts';

/** Programs of the server. */
export interface ServerPrograms {
  readonly server: string;
  /** Program that creates and updates the databases. */
  readonly sql: string;
}

/** The server's programs if they are in the cache. */
export function cachedServerPrograms(env: NodeJS.ProcessEnv = process.env): ServerPrograms | undefined {
  const programs = programsIn(env);
  return existsSync(programs.server) && existsSync(programs.sql) ? programs : undefined;
}

/**
 * The server's programs from the cache, built with Go if they are not there (once; 2-5 minutes).
 * @param gently builds with idle processor time only
 * @throws Error if they must be built and there is no Go, or the build fails
 */
export async function serverPrograms({ gently = false } = {}): Promise<ServerPrograms> {
  const programs = programsIn(process.env);
  await build(programs.server, 'go.temporal.io/server/cmd/server', gently);
  await build(programs.sql, 'go.temporal.io/server/cmd/tools/sql', gently);
  return programs;
}

function programsIn(env: NodeJS.ProcessEnv): ServerPrograms {
  const folder = join(cacheFolder(env), `temporal-server-${SERVER_VERSION}`);
  return { server: join(folder, 'server'), sql: join(folder, 'sql') };
}

async function build(target: string, program: string, gently: boolean) {
  if (existsSync(target)) return;
  const go = goVersion();
  if (!go) throw new Error(`Temporal server ${SERVER_VERSION} must be built with Go, and there is no \`go\` on PATH.`);
  const progress = startProgress(`Building ${program} ${SERVER_VERSION} with ${go} (once)`);
  try {
    await makeWhole(target, (output) => goBuild({ module: 'temporal-server', program, output, gently }, progress));
    progress.done();
  } catch (error) {
    progress.done('failed');
    throw error;
  }
}

/** What to start. */
export interface TemporalServerOptions {
  readonly programs: ServerPrograms;
  /** A Postgres on which this user may create databases: `temporal` and `temporal_visibility`. */
  readonly postgresUrl: string;
  /** Holds configuration and log. */
  readonly folder: string;
  /** Ports of an earlier start, to come back on the same ports. */
  readonly ports?: ServerPorts;
}

/** A running server. */
export interface TemporalServer {
  readonly process: ServerProcess;
  readonly address: string;
  readonly ports: ServerPorts;
}

const READY_WITHIN_MS = 90_000;

/**
 * Creates or updates the databases, starts the server and prepares its namespace `default`.
 * @throws Error with the end of the log
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { programs, postgresUrl, folder } = options;
  mkdirSync(folder, { recursive: true });
  await prepareDatabase(programs.sql, postgresUrl, STORE_DATABASE, 'postgresql/v12/temporal');
  await prepareDatabase(programs.sql, postgresUrl, VISIBILITY_DATABASE, 'postgresql/v12/visibility');
  const ports = options.ports ?? (await choosePorts());
  const dynamicConfigFile = join(folder, 'dynamic-config.yaml');
  const configFile = join(folder, 'temporal.yaml');
  writeFileSync(dynamicConfigFile, dynamicConfig());
  writeFileSync(configFile, serverConfig(postgresUrl, ports, dynamicConfigFile), { mode: 0o600 });
  const server = await startServerProcess({
    name: 'Temporal server',
    file: programs.server,
    args: ['--config-file', configFile, '--allow-no-auth', 'start'],
    logFile: join(folder, 'temporal-server.log'),
  });
  const address = `127.0.0.1:${ports.frontend.grpc}`;
  const problem = await prepareNamespace(address, { withinMs: READY_WITHIN_MS, ended: server.end });
  if (!problem) return { process: server, address, ports };
  await server.stop(2_000);
  throw new Error(`Temporal server did not start: ${problem}. The end of its log:\n${server.tail()}`);
}

/**
 * Ports below 32,768, because the server stores them in a Postgres column of two signed bytes. The ports that systems
 * assign by themselves are above.
 */
async function choosePorts(): Promise<ServerPorts> {
  const free = new Set<number>();
  while (free.size < 8) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) free.add(port);
  }
  const ports = [...free];
  const pair = (index: number) => ({ grpc: ports[index]!, membership: ports[index + 4]! });
  return { frontend: pair(0), history: pair(1), matching: pair(2), worker: pair(3) };
}

/** Creates the database if necessary and brings its tables up to date. All three steps are repeatable. */
async function prepareDatabase(sql: string, postgresUrl: string, database: string, schema: string) {
  const { hostname, port, username, password } = new URL(postgresUrl);
  const env = {
    ...process.env,
    SQL_PLUGIN: 'postgres12_pgx',
    SQL_HOST: hostname,
    SQL_PORT: port || '5432',
    SQL_USER: decodeURIComponent(username),
    SQL_PASSWORD: decodeURIComponent(password),
    SQL_DATABASE: database,
  };
  const run = (...args: string[]) => promisify(execFile)(sql, args, { env });
  await run('create-database');
  const fresh = await run('update-schema', '--schema-name', schema).then(
    () => false,
    () => true,
  );
  if (!fresh) return;
  await run('setup-schema', '--version', '0.0');
  await run('update-schema', '--schema-name', schema);
}
