/** Blok as several processes, each of which can be killed: two APIs, two workers, Postgres, Temporal and Redis. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../db/migrate/migrate.ts';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { ensureDatabase, startPostgres } from '../../embedded/postgres/server.ts';
import { findProgram } from '../../embedded/process/find-program.ts';
import { freePorts } from '../../embedded/process/ports.ts';
import { type ServerProcess, startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { startDevServer } from '../../embedded/temporal/dev-server.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';

/** What can be killed. */
export const MEMBERS = ['Postgres', 'Temporal', 'Redis', 'API 1', 'API 2', 'worker 1', 'worker 2'] as const;

export type Member = (typeof MEMBERS)[number];

export interface Fleet {
  /** The addresses of the two APIs. */
  readonly apis: readonly [string, string];
  /** Those that run: there is no Redis where none is installed. */
  readonly members: readonly Member[];
  /** `kill -9`, and starts it again on the same data and port. Resolves as soon as it has been started. */
  readonly strike: (member: Member) => Promise<void>;
  /** Resolves when both APIs are ready. */
  readonly ready: () => Promise<void>;
  /** What the processes have printed last, for the message of a failed test. */
  readonly tails: () => string;
  readonly stop: () => Promise<void>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const READY_WITHIN_MS = 120_000;

/** Starts all of them. @param env further settings of APIs and workers */
export async function startFleet(env: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  const folder = temporaryFolder('fleet');
  const ports = (await freePorts(5)) as [number, number, number, number, number];
  const starts = await startsOf(folder.path, ports, env);
  const running = new Map<Member, ServerProcess>();
  const start = async (member: Member) => {
    running.set(member, await starts.get(member)!());
  };
  const apis = [`http://127.0.0.1:${ports[3]}`, `http://127.0.0.1:${ports[4]}`] as const;
  const tails = () => [...running].map(([member, server]) => `== ${member}\n${server.tail(6)}`).join('\n');
  const isReady = async (api: string) =>
    fetch(`${api}/api/health/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
  const ready = async () => {
    for (const api of apis)
      if (!(await until(() => isReady(api), { withinMs: READY_WITHIN_MS, everyMs: 200 })))
        throw new Error(`the API at ${api} does not get ready:\n${tails()}`);
  };
  const stop = async () => {
    for (const server of [...running.values()].reverse()) await server.stop();
    folder.remove();
  };
  try {
    for (const member of starts.keys()) await start(member);
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    apis,
    members: [...starts.keys()],
    strike: async (member) => {
      const server = running.get(member)!;
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      await start(member);
    },
    ready,
    tails,
    stop,
  };
}

type Starts = ReadonlyMap<Member, () => Promise<ServerProcess>>;

/** How each member is started, in the order in which they need each other. */
async function startsOf(folder: string, ports: readonly number[], more: Record<string, string>): Promise<Starts> {
  const [postgresPort, temporalPort, redisPort, ...apiPorts] = ports as [number, number, number, number, number];
  const database = { url: '' };
  const redis = findProgram('redis-server');
  const serverEnv = (port: number) => ({
    ...process.env,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    BLOK_HOME: join(folder, 'home'),
    BLOK_SECRET_KEY: key,
    BLOK_PUBLIC_URL: `http://127.0.0.1:${apiPorts[0]}`,
    ...(redis && { REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
    PORT: String(port),
    ...more,
  });
  const key = randomBytes(32).toString('base64');
  const program = (name: string, file: string, port: number) => () =>
    startServerProcess({
      name,
      file: process.execPath,
      args: [...NODE_FLAGS, join(root, file)],
      env: serverEnv(port),
      logFile: join(folder, `${name.replace(' ', '-')}.log`),
    });
  const postgres = async () => {
    const options = { folder: join(folder, 'postgres'), port: postgresPort, logFile: join(folder, 'postgres.log') };
    const server = await startPostgres({ ...options, maxConnections: 200 });
    if (database.url === '') {
      await ensureDatabase(server, 'blok');
      database.url = server.url('blok');
      await migrate(database.url);
    }
    return server.process;
  };
  const temporal = async () => {
    const files = { databaseFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') };
    return (await startDevServer({ cli: sharedTemporal().cli, port: temporalPort, ...files })).process;
  };
  const redisServer = () =>
    startServerProcess({
      name: 'Redis',
      file: redis!,
      args: ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
      logFile: join(folder, 'redis.log'),
    });
  return new Map<Member, () => Promise<ServerProcess>>([
    ['Postgres', postgres],
    ['Temporal', temporal],
    ...(redis ? [['Redis', redisServer] as const] : []),
    ['API 1', program('API 1', 'api/main.ts', apiPorts[0]!)],
    ['API 2', program('API 2', 'api/main.ts', apiPorts[1]!)],
    ['worker 1', program('worker 1', 'worker/main.ts', 0)],
    ['worker 2', program('worker 2', 'worker/main.ts', 0)],
  ]);
}
