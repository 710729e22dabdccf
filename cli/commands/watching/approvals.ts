import type { CliContext } from '../../context.ts';
import { count, type Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';

export interface ApprovalsArgs {
  readonly workflow?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

/** Lists the approvals that runs wait for. */
export async function approvals(ctx: CliContext, { json, ...query }: ApprovalsArgs): Promise<number> {
  const page = await ctx.client.approvals(query);
  if (json) {
    ctx.out(JSON.stringify(page, null, 2));
    return EXIT.ok;
  }
  if (page.items.length === 0) ctx.err('No approval waits.');
  const rows = page.items.map(({ run, workflow, step, title, since, until }) => [
    ...[`◷ ${run.id}`, workflow, step, since, until ?? '', title ?? ''],
  ]);
  if (rows.length > 0) {
    for (const line of table(['  run', 'workflow', 'step', 'since', 'until', 'title'], rows)) ctx.out(line);
  }
  if (page.next !== null) ctx.err(`More: add --cursor ${page.next}`);
  return EXIT.ok;
}

/** How the command is called. */
export const declareApprovals: Declaration = ({ command, does, ctx }) =>
  command('approvals', 'list the approvals that runs wait for, the oldest first')
    .option('--workflow <name>', 'only approvals of this workflow')
    .option('--limit <count>', 'at most this many', count(1, 200), 20)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .action(does((options) => approvals(ctx, options)));
