import type { CliContext } from '../context.ts';
import { count, type Declaration } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { printQueue } from '../print/queue.ts';

/** Lists what waits of a workflow. */
export async function queue(
  ctx: CliContext,
  { workflow, limit, json }: { workflow: string; limit: number; json: boolean },
): Promise<number> {
  const found = await ctx.client.queue(workflow, limit);
  if (json) ctx.out(JSON.stringify(found, null, 2));
  else if (found.counts.waiting + found.counts.held === 0) ctx.err('Nothing waits.');
  else printQueue(ctx, found);
  return EXIT.ok;
}

/** How the command is called. */
export const declareQueue: Declaration = ({ command, does, ctx }) =>
  command('queue <workflow>', 'list what waits: runs for their place, events that are held')
    .option('--limit <count>', 'at most this many of each', count(1, 1000), 100)
    .action(does((workflow: string, options) => queue(ctx, { workflow, ...options })));
