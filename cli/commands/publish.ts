import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import { requireValid } from '../graph-file.ts';

export interface PublishArgs {
  readonly file: string;
  readonly json: boolean;
}

/** Publishes a graph as the next version of the workflow it names; the same graph again changes nothing. */
export async function publish(ctx: CliContext, args: PublishArgs): Promise<number> {
  const { graph, text } = await requireValid(ctx, args.file);
  const { created, published } = await ctx.client.publish(graph.name, text);
  if (args.json) ctx.out(JSON.stringify(published, null, 2));
  else if (created) ctx.out(`✔ ${published.name} version ${published.version}`);
  else ctx.out(`✔ ${published.name} version ${published.version} (unchanged)`);
  return EXIT.ok;
}
