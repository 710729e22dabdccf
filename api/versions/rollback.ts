import { describeVersion } from '../../db/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import type { Preconditions } from '../http/preconditions.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { publishPlan } from '../publishing/publish-graph.ts';
import { existingVersion } from '../start/published.ts';

/**
 * Publishes an earlier version again, as a new version. It runs by the plan that it had: what worked then is not held up by
 * what has become stricter since.
 *
 * @throws ApiProblem `workflow.notFound`, `version.notFound`, `version.changed`, `workflow.archived`
 */
export async function rollBack(
  ctx: Context,
  input: Preconditions & { name: string; to: number; message?: string | undefined; principal: Principal },
): Promise<Reply> {
  const { name, to, message = `Back to version ${to}.`, principal, ...preconditions } = input;
  const { version, text } = await ctx.tenant(async (tx) => {
    await existingVersion(ctx, tx, { name });
    const described = await describeVersion(tx, { name, version: to });
    if (described === null)
      throw new ApiProblem(
        'version.notFound',
        `"${name}" has no version ${to}. GET /api/workflows/${name}/versions lists its versions.`,
      );
    return { version: await existingVersion(ctx, tx, { name, version: to }), text: described.text };
  });
  const { graph, plan } = version;
  return publishPlan(ctx, { ...preconditions, name, graph, plan, text, message, author: principal.id, warnings: [] });
}
