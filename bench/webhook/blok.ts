import type { JsonObject } from '../../graph/json.ts';
import { apiAt, publishWebhook } from '../api.ts';
import type { Contender, Running } from '../beside/contender.ts';
import { startProduct } from '../product.ts';
import type { BenchServers } from '../servers.ts';
import { callOf, forEachSet, type Sets } from './work.ts';

/** A kind of run of Blok: executed by the API at once, or by Temporal. */
type Kind = 'inline' | 'durable';

/** Blok as `npm start` runs it, with a webhook for each kind of run and each number of Set nodes. */
export async function startBlok(
  servers: BenchServers,
  lengths: readonly Sets[],
): Promise<Running & { of: Contenders }> {
  const product = await startProduct(servers, { allowHosts: '' });
  const api = apiAt(product.url);
  const pids = { 'API and worker': product.pid, Postgres: servers.postgresPid };
  const urls = new Map<string, string>();
  for (const kind of ['inline', 'durable'] as const) {
    for (const sets of lengths) {
      const graph = graphOf(kind, sets);
      urls.set(graph.name, await publishWebhook(api, graph));
    }
  }
  return {
    of: (kind, sets) => ({
      name: `Blok, ${kind}`,
      call: callOf(urls.get(nameOf(kind, sets))!, sets),
      pids: kind === 'inline' ? pids : { ...pids, Temporal: servers.temporalPid },
    }),
    stop: product.stop,
  };
}

type Contenders = (kind: Kind, sets: Sets) => Contender;

const nameOf = (kind: Kind, sets: Sets): string => `bench-webhook-${kind}-${sets}`;

function graphOf(kind: Kind, sets: Sets): JsonObject & { name: string } {
  const setNodes = forEachSet(sets, (at) => [`set${at + 1}`, setNode(at)] as const);
  return {
    blok: 1,
    name: nameOf(kind, sets),
    ...(kind === 'durable' ? { execution: 'durable' } : {}),
    triggers: { hook: { uses: 'webhook', with: { verify: 'none', reply: 'sync' } } },
    nodes: {
      ...Object.fromEntries(setNodes),
      answer: { uses: 'respond', needs: [`set${sets}`], with: { body: `\${{ nodes.set${sets} }}` } },
    },
  };
}

const setNode = (at: number): JsonObject => {
  if (at === 0) return set({ greeting: 'Hello, ${{ trigger.body.name }}', n: '${{ trigger.body.n + 1 }}' });
  const before = `set${at}`;
  const value = { greeting: `\${{ nodes.${before}.greeting }}`, n: `\${{ nodes.${before}.n + 1 }}` };
  return { ...set(value), needs: [before] };
};

const set = (value: JsonObject): JsonObject => ({ uses: 'set', with: { value } });
