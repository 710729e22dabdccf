import { writeYaml } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { loadVersion } from './published.ts';

/** The text of a version of which none was kept: its graph as YAML. */
export async function textOfVersion(ctx: Context, input: { name: string; version: number }): Promise<string> {
  const { graph } = await ctx.tenant((tx) => loadVersion(ctx, tx, input));
  return writeYaml(graph as unknown as Json);
}
