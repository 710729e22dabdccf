import type { Graph } from '../../graph/document/types.ts';
import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { compareGraphs, requireParsed } from '../graph-file.ts';
import { coloured } from '../print/diff.ts';
import { looksLikeFile } from '../target.ts';

export interface DiffArgs {
  /** Files, or names of published workflows: `NAME` or `NAME@VERSION`. */
  readonly before: string;
  readonly after: string;
  readonly mermaid: boolean;
  /** Exit code 1 if there is a difference. */
  readonly exitCode: boolean;
  readonly json: boolean;
}

/** Shows what differs between two graphs, node by node and field by field. */
export async function diff(ctx: CliContext, args: DiffArgs): Promise<number> {
  const before = await graphOf(ctx, args.before);
  const compared = await compareGraphs(before, await graphOf(ctx, args.after));
  const found = compared.diff();
  if (args.json) ctx.out(JSON.stringify(found, null, 2));
  else if (args.mermaid) ctx.out(compared.mermaid().trimEnd());
  else for (const line of compared.lines(found)) ctx.out(coloured(line, ctx.colours));
  return args.exitCode && found.changes.length > 0 ? EXIT.failed : EXIT.ok;
}

async function graphOf(ctx: CliContext, target: string): Promise<Graph> {
  if (looksLikeFile(target)) return (await requireParsed(ctx, target)).graph;
  const [, name, version] = /^([^@]+)(?:@([1-9]\d{0,8}))?$/.exec(target) ?? [];
  if (name === undefined) throw badInput(`${target} is no workflow.`, 'Write NAME or NAME@VERSION, or a file.');
  return (await ctx.client.version(name, version === undefined ? undefined : Number(version))).graph;
}

/** How the command is called. */
export const declareDiff: Declaration = ({ command, does, ctx }) =>
  command('diff <before> <after>', 'show what differs between two graphs: files, or NAME[@VERSION]')
    .option('--mermaid', 'print a Mermaid diagram of the difference', false)
    .option('--exit-code', 'exit with 1 if they differ', false)
    .action(does((before: string, after: string, options) => diff(ctx, { before, after, ...options })));
