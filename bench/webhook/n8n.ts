import type { Contender, Running } from '../beside/contender.ts';
import { startN8n } from '../beside/n8n.ts';
import type { N8nWorkflow } from '../beside/n8n-workflow.ts';
import type { BenchServers } from '../servers.ts';
import { callOf, forEachSet, type Sets } from './work.ts';

/** When n8n writes what a run has done: at its end, or after each node. */
type Saved = 'at the end' | 'after each node';

/** n8n on the Postgres of the benchmark, with the same webhooks. */
export async function startPeer(
  servers: BenchServers,
  lengths: readonly Sets[],
): Promise<Running & { of: (saved: Saved, sets: Sets) => Contender }> {
  const workflows = (['at the end', 'after each node'] as const).flatMap((saved) =>
    lengths.map((sets) => workflowOf(saved, sets)),
  );
  const { pid, urlOf, stop } = await startN8n(workflows, await servers.makeDatabase('n8n'));
  return {
    of: (saved, sets) => ({
      name: saved === 'at the end' ? 'n8n' : 'n8n, progress saved',
      call: callOf(urlOf(workflowOf(saved, sets)), sets),
      pids: { n8n: pid, Postgres: servers.postgresPid },
    }),
    stop,
  };
}

const workflowOf = (saved: Saved, sets: Sets): N8nWorkflow => ({
  path: `bench-webhook-${saved.replaceAll(' ', '-')}-${sets}`,
  sets: forEachSet(sets, (at) => ({
    greeting: { string: at === 0 ? 'Hello, {{ $json.body.name }}' : '{{ $json.greeting }}' },
    n: { number: at === 0 ? '{{ $json.body.n + 1 }}' : '{{ $json.n + 1 }}' },
  })),
  answers: 'responseNode',
  savesProgress: saved === 'after each node',
});
