import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { freePorts } from '../../embedded/process/ports.ts';
import { type ServerProcess, startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';

/** An API that can be killed and started again on its port. */
export interface KillableApi {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Blok as several processes: two APIs and a worker, with a Redis between them. */
export interface Installation {
  readonly apis: readonly [KillableApi, KillableApi];
  stop(): Promise<void>;
}

const at = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** Starts them on a migrated database. */
export async function startInstallation(servers: {
  databaseUrl: string;
  temporalAddress: string;
  redisUrl: string;
}): Promise<Installation> {
  const folder = temporaryFolder('bench-live');
  const running = new Set<ServerProcess>();
  const start = async (name: string, file: string, port: number): Promise<ServerProcess> => {
    const home = join(folder.path, name);
    mkdirSync(home, { recursive: true });
    const started = await startServerProcess({
      name,
      file: process.execPath,
      args: [...NODE_FLAGS, at(file)],
      logFile: join(folder.path, `${name}.log`),
      env: {
        ...process.env,
        ...{
          DATABASE_URL: servers.databaseUrl,
          TEMPORAL_ADDRESS: servers.temporalAddress,
          REDIS_URL: servers.redisUrl,
        },
        ...{ PORT: String(port), BLOK_PUBLIC_URL: `http://127.0.0.1:${port}`, BLOK_LOG_LEVEL: 'warn' },
        ...{ BLOK_HOME: home, BLOK_SECRET_KEY: Buffer.alloc(32, 9).toString('base64') },
      },
    });
    running.add(started);
    void started.ended.then(() => running.delete(started));
    return started;
  };
  const api = (name: string, port: number): KillableApi => {
    const url = `http://127.0.0.1:${port}`;
    let server: ServerProcess | undefined;
    return {
      url,
      start: async () => {
        server = await start(name, 'api/main.ts', port);
        const answers = () =>
          fetch(`${url}/api/health/live`).then(
            (answer) => answer.ok,
            () => false,
          );
        if (!(await until(answers, { withinMs: 60_000, everyMs: 100 }))) throw new Error(server.tail());
      },
      kill: async () => {
        if (server) process.kill(server.pid, 'SIGKILL');
        await server?.ended;
      },
    };
  };
  const [one, two, rest] = (await freePorts(3)) as [number, number, number];
  const apis = [api('api-1', one), api('api-2', two)] as const;
  await Promise.all([...apis.map((each) => each.start()), start('worker', 'worker/main.ts', rest)]);
  return {
    apis,
    stop: async () => {
      await Promise.all([...running].map((server) => server.stop(15_000)));
      folder.remove();
    },
  };
}
