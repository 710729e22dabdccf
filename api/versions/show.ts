import { describeVersion } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { existingVersion, notFound } from '../start/published.ts';
import { textOfVersion } from '../start/version-text.ts';

/** A version of a workflow, by default the published one. @throws ApiProblem `workflow.notFound` */
export async function showVersion(ctx: Context, input: { name: string; version?: number }) {
  const { found, graph } = await ctx.tenant(async (tx) => {
    const { graph: said, version } = await existingVersion(ctx, tx, input);
    return { found: await describeVersion(tx, { name: input.name, version }), graph: said };
  });
  if (found === null) throw notFound(input);
  const { name } = input;
  const text = found.text ?? (await textOfVersion(ctx, { name, version: found.version }));
  return { name, ...found, graph, text };
}
