import type { CliContext } from '../../context.ts';
import { type Declaration, STRICT } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { requireValid } from '../../graph-file.ts';
import { problemLines } from '../../print/problems.ts';
import { requireTests } from '../../tests/require.ts';
import type { Published } from '../../wire.ts';
import { filesIn } from './folder.ts';
import { type FolderArgs, publishFolder } from './publish-folder.ts';

/** A file or a folder, and how it is published. `strict`: warnings count as errors. */
export type PublishArgs = FolderArgs & { readonly target: string };

/**
 * Publishes a graph as the next version of the workflow it names, or all graphs of a folder. Publishing the same graph
 * again changes nothing.
 */
export async function publish(ctx: CliContext, args: PublishArgs): Promise<number> {
  const files = await filesIn(ctx, args.target);
  if (files !== null) return publishFolder(ctx, files, args);
  const { strict, message } = args;
  const { graph, text } = await requireValid(ctx, args.target, strict);
  const tests = args.test ? await requireTests(ctx, args.target) : undefined;
  const answer = await ctx.client.publish(graph.name, text, { strict, message, tests });
  printPublished(ctx, answer, { ...args, file: args.target });
  return EXIT.ok;
}

/** Says which version is published now. */
export function printPublished(
  ctx: CliContext,
  { created, published }: { readonly created: boolean; readonly published: Published },
  { file, json }: { readonly file: string; readonly json: boolean },
): void {
  if (json) return ctx.out(JSON.stringify(published, null, 2));
  for (const line of problemLines(file, published.warnings)) ctx.err(line);
  ctx.out(`✔ ${published.name} version ${published.version}${created ? '' : ' (unchanged)'}`);
}

/** How the command is called. */
export const declarePublish: Declaration = ({ command, does, ctx }) =>
  command('publish <file|folder>', 'publish a graph as a new version of its workflow, or all graphs of a folder')
    .option(...STRICT)
    .option('--test, --require-tests', 'only if the graph tests pass, here and at the server', false)
    .option('-m, --message <text>', 'why')
    .option('--remove', 'folder: delete what is published and not in it', false)
    .option('-y, --yes', 'folder: publish without asking', false)
    .action(does((target: string, { requireTests: test, ...options }) => publish(ctx, { target, test, ...options })));
