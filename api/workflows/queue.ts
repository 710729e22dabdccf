import { findVersion, queueOf } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** What waits of a workflow: runs that wait for their place, and firings that are held. @throws ApiProblem `workflow.notFound` */
export async function getQueue(ctx: Context, { name, limit = 100 }: { name: string; limit?: number | undefined }) {
  const { queue, isKnown } = await ctx.tenant(async (tx) => ({
    queue: await queueOf(tx, { workflow: name, limit }),
    isKnown: (await findVersion(tx, { name })) !== null,
  }));
  // Runs of a graph that was never published wait, too.
  if (!isKnown && queue.waitingCount === 0)
    throw new ApiProblem(
      'workflow.notFound',
      `There is no published workflow "${name}" here. GET /api/workflows lists them.`,
    );
  const { waiting, held, waitingCount, heldCount } = queue;
  return {
    waiting: waiting.map(({ runId, ...place }) => ({
      run: { id: runId, url: `${ctx.publicUrl}/api/runs/${runId}` },
      ...place,
    })),
    held,
    counts: { waiting: waitingCount, held: heldCount },
  };
}
