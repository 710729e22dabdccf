import type { CliContext } from '../../context.ts';
import { count, type Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';
import { printPublished } from './publish.ts';

/** Lists the versions of a workflow, newest first. The published one has a mark. */
export async function versions(
  ctx: CliContext,
  { workflow, json, ...query }: { workflow: string; limit: number; cursor?: string; json: boolean },
): Promise<number> {
  const page = await ctx.client.versions(workflow, query);
  if (json) {
    ctx.out(JSON.stringify(page, null, 2));
    return EXIT.ok;
  }
  const rows = page.items.map(({ version, publishedAt, author, message, isPublished }) => [
    `${isPublished ? '●' : ' '} ${version}`,
    publishedAt,
    author ?? '',
    (message ?? '').split('\n')[0]!,
  ]);
  if (rows.length === 0) ctx.err(`Nothing is published of ${workflow}.`);
  else for (const line of table(['  version', 'published', 'by', 'message'], rows)) ctx.out(line);
  if (page.next !== null) ctx.err(`More: add --cursor ${page.next}`);
  return EXIT.ok;
}

/** How the command is called. */
export const declareVersions: Declaration = ({ command, does, ctx }) =>
  command('versions <workflow>', 'list the versions of a workflow, newest first')
    .option('--limit <count>', 'at most this many', count(1, 200), 20)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((workflow: string, options) => versions(ctx, { workflow, ...options })));

/** Publishes an earlier version again, as a new one. */
export async function rollback(
  ctx: CliContext,
  args: { workflow: string; to: number; message?: string; json: boolean },
): Promise<number> {
  const { workflow, to, message } = args;
  const answer = await ctx.client.rollback(workflow, { to, message });
  printPublished(ctx, answer, { file: workflow, json: args.json });
  return EXIT.ok;
}

/** How the command is called. */
export const declareRollback: Declaration = ({ command, does, ctx }) =>
  command('rollback <workflow> <version>', 'publish an earlier version again, as a new one')
    .option('-m, --message <text>', 'why')
    .action(
      does((workflow: string, version: string, options) =>
        rollback(ctx, { workflow, to: count(1, 999_999_999)(version), ...options }),
      ),
    );
