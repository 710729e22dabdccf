import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../db/index.ts';
import { freePorts } from '../embedded/process/ports.ts';
import { homeAt, prepareHome } from '../embedded/supervisor/home.ts';
import { blokServer } from '../embedded/supervisor/servers.ts';
import { temporaryFolder } from '../scripts/testing/temporary-folder.ts';
import { type Api, apiAt } from './api.ts';
import { type Outside, startOutside } from './outside.ts';
import { type BenchServers, startServers } from './servers.ts';

/** API and worker in one process, as `npm start` runs them. */
export interface Product {
  /** Address of the API, without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const SERVE = fileURLToPath(new URL('../embedded/start/serve.ts', import.meta.url));

/**
 * Starts API and worker on the servers of a benchmark. `allowHosts`: what nodes may reach although it is private.
 * `hookRate`: requests a second at one webhook, as many as a benchmark can send unless given.
 */
export async function startProduct(
  servers: BenchServers,
  { allowHosts, hookRate = 100_000 }: { allowHosts: string; hookRate?: number },
): Promise<Product> {
  await migrate(servers.databaseUrl);
  const folder = temporaryFolder('bench-product');
  const home = homeAt(folder.path);
  prepareHome(home);
  mkdirSync(join(home.path, 'cache'), { recursive: true });
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    DATABASE_URL: servers.databaseUrl,
    TEMPORAL_ADDRESS: servers.address,
    TEMPORAL_NAMESPACE: 'default',
    BLOK_HOME: home.path,
    BLOK_PUBLIC_URL: url,
    BLOK_ALLOW_HOSTS: allowHosts,
    BLOK_LOG_LEVEL: 'warn',
    BLOK_ALONE: 'true',
    BLOK_HOOK_RATE: String(hookRate),
    HOST: '127.0.0.1',
    PORT: String(port),
    PLAYGROUND_PORT: '0',
  };
  const options = { file: SERVE, env: { ...process.env, ...settings }, url };
  const server = await blokServer(home, options, new AbortController().signal);
  return {
    url,
    pid: server.pid,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}

/** What a benchmark runs on. */
export interface Bench {
  readonly api: Api;
  /** Address of the API, and the process of API and worker. */
  readonly url: string;
  readonly pid: number;
  /** Of a user who is above row-level security. */
  readonly databaseUrl: string;
  /** A service that steps may call. */
  readonly outside: Outside;
}

/** Runs a benchmark on API, worker and servers as `npm start` runs them, beside a service that steps may call. */
export async function withProduct<T>(work: (at: Bench) => Promise<T>): Promise<T> {
  const outside = await startOutside();
  const servers = await startServers();
  const product = await startProduct(servers, { allowHosts: outside.host });
  try {
    const { url, pid } = product;
    return await work({ api: apiAt(url), url, pid, databaseUrl: servers.databaseUrl, outside });
  } finally {
    await product.stop();
    await servers.stop();
    await outside.stop();
  }
}
