import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import { drawMermaid, requireParsed } from '../graph-file.ts';

/** Prints a graph as a Mermaid diagram, for a README or a pull request. */
export async function mermaid(ctx: CliContext, args: { readonly file: string }): Promise<number> {
  const { graph } = await requireParsed(ctx, args.file);
  ctx.out((await drawMermaid(graph)).trimEnd());
  return EXIT.ok;
}
