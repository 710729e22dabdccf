import type { Context } from '../context.ts';
import { loadVersion } from '../start/published.ts';

/** A version of a workflow, by default the published one. @throws ApiProblem `workflow.notFound` */
export async function getWorkflow(ctx: Context, input: { name: string; version?: number }) {
  const { name, version, hash, graph } = await ctx.tenant((tx) => loadVersion(ctx, tx, input));
  return { name, version, hash, graph };
}
