import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { drawMermaid, requireParsed } from '../graph-file.ts';

/** Prints a graph as a Mermaid diagram, for a README or a pull request. */
export async function mermaid(ctx: CliContext, args: { readonly file: string }): Promise<number> {
  const { graph } = await requireParsed(ctx, args.file);
  ctx.out((await drawMermaid(graph)).trimEnd());
  return EXIT.ok;
}

/** How the command is called. */
export const declareMermaid: Declaration = ({ program, does, ctx }) =>
  program
    .command('mermaid <file>')
    .description('print a graph as a Mermaid diagram')
    .action(does((file: string) => mermaid(ctx, { file })));
