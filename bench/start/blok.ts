import { apiAt, publish } from '../api.ts';
import type { Contender, Running } from '../beside/contender.ts';
import { startProduct } from '../product.ts';
import { startServers } from '../servers.ts';

/** One `set` node: what a durable start costs, and hardly anything else. */
const GRAPH = {
  blok: 1,
  name: 'bench-start',
  execution: 'durable',
  nodes: {
    answer: { uses: 'set', with: { value: { greeting: 'Hello, ${{ input.name }}', twice: '${{ input.n * 2 }}' } } },
  },
  output: '${{ nodes.answer }}',
};

/** Blok as `npm start` runs it: Temporal, Postgres, and one process with API and worker. */
export async function startBlok(): Promise<Contender & Running> {
  const servers = await startServers();
  const product = await startProduct(servers, { allowHosts: '' });
  await publish(apiAt(product.url), GRAPH);
  return {
    name: 'Blok',
    call: {
      url: `${product.url}/api/workflows/${GRAPH.name}/runs?wait=10`,
      body: JSON.stringify({ input: { name: 'bench', n: 21 } }),
      // 202: the run has not ended after ten seconds. That is an answer, and a stall.
      isRight: (status, body) => status === 202 || (status === 200 && JSON.parse(body).output.twice === 42),
    },
    pids: { 'API and worker': product.pid, Temporal: servers.temporalPid, Postgres: servers.postgresPid },
    stop: async () => {
      await product.stop();
      await servers.stop();
    },
  };
}
