import type { CliContext } from '../context.ts';
import type { Declaration } from '../declare.ts';
import { badInput, EXIT } from '../errors.ts';
import { readValue } from '../values.ts';

export interface EventArgs {
  readonly name: string;
  readonly key?: string;
  readonly data?: string;
  /** Only this run gets the event, whatever key it waits for. */
  readonly run?: string;
  readonly json: boolean;
}

/** Sends an event to all runs that wait for it, or to one run. */
export async function event(ctx: CliContext, args: EventArgs): Promise<number> {
  const data = args.data === undefined ? undefined : await readValue(ctx, '--data', args.data);
  if (args.run !== undefined) {
    if (args.key !== undefined) throw badInput('--key and --run exclude each other: one run needs no key.');
    const answer = await ctx.client.tell(args.run, { name: args.name, ...(data !== undefined && { data }) });
    if (args.json) ctx.out(JSON.stringify(answer, null, 2));
    else ctx.out(`✔ ${args.name} told to ${args.run}`);
    return EXIT.ok;
  }
  const answer = await ctx.client.event({
    name: args.name,
    ...(args.key !== undefined && { key: args.key }),
    ...(data !== undefined && { data }),
  });
  if (args.json) ctx.out(JSON.stringify(answer, null, 2));
  else ctx.out(`✔ ${args.name} delivered to ${answer.delivered} ${answer.delivered === 1 ? 'run' : 'runs'}`);
  return EXIT.ok;
}

/** How the command is called. */
export const declareEvent: Declaration = ({ command, does, ctx }) =>
  command('event <name>', 'send an event to the runs that wait for it')
    .option('--key <key>', 'only runs that wait for this key')
    .option('--data <json|@file>', 'what the event holds')
    .option('--run <run>', 'only this run, whatever key it waits for')
    .action(does((name: string, options) => event(ctx, { name, ...options })));
