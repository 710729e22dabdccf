import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { printTriggers } from '../print/triggers.ts';

/** Lists the triggers of all workflows, or of one. */
export async function triggers(ctx: CliContext, args: { workflow?: string; json: boolean }): Promise<number> {
  const list = await ctx.client.triggers(args.workflow);
  if (args.json) ctx.out(JSON.stringify(list, null, 2));
  else if (list.items.length === 0)
    ctx.err('No triggers. A graph declares them under `triggers`; `blok publish` sets them up.');
  else printTriggers(ctx, list.items);
  return EXIT.ok;
}

/** How the command is called. */
export const declareTriggers: Declaration = ({ command, does, ctx }) =>
  command('triggers [workflow]', 'list triggers: state, next times, what came of them').action(
    does((workflow: string | undefined, options) =>
      triggers(ctx, { ...options, ...(workflow === undefined ? {} : { workflow }) }),
    ),
  );
