import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { nodeTypes, requireValid } from '../../graph-file.ts';
import { problemLines } from '../../print/problems.ts';
import { writeText } from '../../values.ts';

export interface BuildArgs {
  readonly file: string;
  /** The file for the document; standard output if there is none. */
  readonly output?: string;
  readonly json: boolean;
}

/** Makes the document of a graph that is written in TypeScript, and checks it. */
export async function build(ctx: CliContext, { file, output, json }: BuildArgs): Promise<number> {
  const { text, graph, warnings } = await requireValid(ctx, file);
  for (const line of problemLines(file, warnings)) ctx.err(line);
  if (output !== undefined) await writeText(ctx, output, text);
  if (json) ctx.out(JSON.stringify(graph, null, 2));
  else ctx.out(output === undefined ? text.trimEnd() : `✔ ${output}`);
  return EXIT.ok;
}

/** Writes the types of the module `blok` for graphs in TypeScript: what each node type takes and yields. */
export async function types(ctx: CliContext, { output }: { readonly output?: string }): Promise<number> {
  const { declarationsText } = await import('../../code/declarations.ts');
  const text = declarationsText(await nodeTypes());
  if (output !== undefined) await writeText(ctx, output, text);
  ctx.out(output === undefined ? text.trimEnd() : `✔ ${output}`);
  return EXIT.ok;
}

/** How the command is called. */
export const declareBuild: Declaration = ({ command, does, ctx }) =>
  command('build <file>', 'make the document of a graph that is written in TypeScript')
    .option('-o, --output <file>', 'where the document goes (default: standard output)')
    .action(does((file: string, options) => build(ctx, { file, ...options })));

/** How the command is called. */
export const declareTypes: Declaration = ({ command, does, ctx }) =>
  command('types', 'write the types of node types, for graphs in TypeScript')
    .option('-o, --output <file>', 'where they go, such as blok.d.ts (default: standard output)')
    .action(does((options) => types(ctx, options)));
