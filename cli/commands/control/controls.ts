import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';

/** Lists what operators did to a run. */
export async function controls(ctx: CliContext, { run, json }: { run: string; json: boolean }): Promise<number> {
  const items = await ctx.client.controls(run);
  if (json) ctx.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) ctx.err('Nobody did anything to this run.');
  const rows = items.map(({ at, by, action, step, outcome, reason }) => [
    at,
    by,
    [action, ...(step === null ? [] : [step])].join(' '),
    outcome,
    reason ?? '',
  ]);
  if (!json) for (const line of table([], rows)) ctx.out(line);
  return EXIT.ok;
}

/** How the command is called. */
export const declareControls: Declaration = ({ command, does, ctx }) =>
  command('controls <run>', 'list what operators did to a run: what, who, when and why').action(
    does((run: string, options) => controls(ctx, { run, ...options })),
  );
