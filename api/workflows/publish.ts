import { publishWorkflow, releaseOlder, wantTriggers } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { readGraph } from '../start/read-graph.ts';
import { triggersOf } from '../triggers/wanted.ts';

/**
 * Publishes a graph: 201 with a new version, 200 if the published version has the same hash. `strict`: warnings count
 * as errors.
 *
 * @throws ApiProblem `graph.invalid`
 */
export async function publish(
  ctx: Context,
  input: { name: string; graph: Json; strict?: boolean | undefined },
): Promise<Reply> {
  const { graph, plan, warnings } = await readGraph(ctx, input.graph, input.strict);
  if (graph.name !== input.name) {
    const problem = {
      severity: 'error' as const,
      code: 'name-differs',
      path: '/name',
      message: `The graph is named "${graph.name}", the address says "${input.name}".`,
      hint: 'Make them the same.',
    };
    throw new ApiProblem('graph.invalid', problem.message, { problems: [problem] });
  }
  const { created, ...version } = await ctx.tenant(async (tx) => {
    const published = await publishWorkflow(tx, { graph, plan, hash: plan.hash });
    if (published.created) {
      await wantTriggers(tx, { ...triggersOf(graph, published.version), keyring: ctx.keyring });
      await releaseOlder(tx, { workflow: input.name, version: published.version });
    }
    return published;
  });
  if (created) {
    ctx.triggerAlarm.ring();
    ctx.heldAlarm.ring();
  }
  return { status: created ? 201 : 200, body: { ...version, warnings } };
}
