import type { CliContext } from '../context.ts';
import { type Declaration, STRICT } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { requireValid } from '../graph-file.ts';
import { problemLines } from '../print/problems.ts';
import { requireTests } from '../tests/require.ts';

export interface PublishArgs {
  readonly file: string;
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** The graph's tests must pass. */
  readonly test: boolean;
  readonly json: boolean;
}

/** Publishes a graph as the next version of the workflow it names. Publishing the same graph again changes nothing. */
export async function publish(ctx: CliContext, args: PublishArgs): Promise<number> {
  const { graph, text } = await requireValid(ctx, args.file, args.strict);
  if (args.test) await requireTests(ctx, args.file);
  const { created, published } = await ctx.client.publish(graph.name, text, args.strict);
  for (const line of args.json ? [] : problemLines(args.file, published.warnings)) ctx.err(line);
  if (args.json) ctx.out(JSON.stringify(published, null, 2));
  else if (created) ctx.out(`✔ ${published.name} version ${published.version}`);
  else ctx.out(`✔ ${published.name} version ${published.version} (unchanged)`);
  return EXIT.ok;
}

/** How the command is called. */
export const declarePublish: Declaration = ({ command, does, ctx }) =>
  command('publish <file>', 'publish a graph as a new version of its workflow')
    .option(...STRICT)
    .option('--test', 'only if its graph tests pass', false)
    .action(does((file: string, options) => publish(ctx, { file, ...options })));
