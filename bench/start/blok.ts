import { fileURLToPath } from 'node:url';
import { migrate } from '../../db/migrate/migrate.ts';
import { freePorts } from '../../embedded/process/ports.ts';
import { homeAt, prepareHome } from '../../embedded/supervisor/home.ts';
import { blokServer } from '../../embedded/supervisor/servers.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { startServers } from '../servers.ts';
import type { Product } from './product.ts';

const SERVE = fileURLToPath(new URL('../../embedded/start/serve.ts', import.meta.url));

/** One `set` node: what a durable start costs, and hardly anything else. */
const GRAPH = {
  blok: 1,
  name: 'bench-start',
  nodes: {
    answer: { uses: 'set', with: { value: { greeting: 'Hello, ${{ input.name }}', twice: '${{ input.n * 2 }}' } } },
  },
  output: '${{ nodes.answer }}',
};

/** Blok as `npm start` runs it: Temporal, Postgres, and one process with API and worker. */
export async function startBlok(): Promise<Product> {
  const servers = await startServers();
  const folder = temporaryFolder('bench-home');
  const home = homeAt(folder.path);
  prepareHome(home);
  await migrate(servers.databaseUrl);
  const [port, playgroundPort] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    DATABASE_URL: servers.databaseUrl,
    TEMPORAL_ADDRESS: servers.address,
    TEMPORAL_NAMESPACE: 'default',
    BLOK_HOME: home.path,
    BLOK_LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
    PLAYGROUND_PORT: String(playgroundPort),
    BLOK_PUBLIC_URL: url,
  };
  const blok = await blokServer(home, { file: SERVE, env, url }, new AbortController().signal);
  await publish(url);
  return {
    name: 'Blok',
    call: {
      url: `${url}/api/workflows/${GRAPH.name}/runs?wait=10`,
      body: JSON.stringify({ input: { name: 'bench', n: 21 } }),
      // 202: the run has not ended after ten seconds. That is an answer, and a stall.
      isRight: (status, body) => status === 202 || (status === 200 && JSON.parse(body).output.twice === 42),
    },
    pids: { 'API and worker': blok.pid, Temporal: servers.temporalPid, Postgres: servers.postgresPid },
    stop: async () => {
      await blok.stop(12_000);
      await servers.stop();
      folder.remove();
    },
  };
}

async function publish(url: string): Promise<void> {
  const response = await fetch(`${url}/api/workflows/${GRAPH.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(GRAPH),
  });
  if (response.status !== 201) throw new Error(`publishing answered ${response.status}: ${await response.text()}`);
}
