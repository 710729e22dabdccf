import type { CliContext } from '../context.ts';
import { count, type Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { printQueue } from '../print/queue.ts';

export interface QueueArgs {
  readonly workflow: string;
  /** A group of events, instead of the list. */
  readonly group?: string | undefined;
  readonly discard?: boolean;
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

/** Lists what waits of a workflow; or shows the events of a group, or discards them. */
export async function queue(ctx: CliContext, args: QueueArgs): Promise<number> {
  const { workflow, group, discard = false } = args;
  if (group === undefined) {
    if (discard) throw badInput('Say which events to discard: blok queue NAME GROUP --discard.');
    return list(ctx, args);
  }
  if (!discard) {
    ctx.out(JSON.stringify(await ctx.client.heldGroup(workflow, group), null, 2));
    return EXIT.ok;
  }
  const answer = await ctx.client.discardGroup(workflow, group);
  if (args.json) ctx.out(JSON.stringify(answer, null, 2));
  else ctx.err(`Discarded: ${answer.discarded} event${answer.discarded === 1 ? '' : 's'}.`);
  return EXIT.ok;
}

async function list(ctx: CliContext, { workflow, limit, cursor, json }: QueueArgs): Promise<number> {
  const found = await ctx.client.queue(workflow, { limit, ...(cursor === undefined ? {} : { cursor }) });
  const { waiting, held, refused } = found;
  if (json) ctx.out(JSON.stringify(found, null, 2));
  else if (waiting.length + held.length + refused.length === 0) ctx.err('Nothing waits.');
  else printQueue(ctx, found);
  return EXIT.ok;
}

/** How the command is called. */
export const declareQueue: Declaration = ({ command, does, ctx }) =>
  command('queue <workflow> [group]', 'list what waits: runs for their place, events that are held; or show a group')
    .option('--limit <count>', 'at most this many of each', count(1, 1000), 100)
    .option('--cursor <cursor>', 'continue where the last list ended')
    .option('--discard', 'discard the events of the group: no run begins for them')
    .action(
      does((workflow: string, group: string | undefined, options) => queue(ctx, { workflow, group, ...options })),
    );
