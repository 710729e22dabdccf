import { Option } from 'commander';
import type { CliContext } from '../context.ts';
import { count, type Declaration, JSON_OPTION } from '../declare.ts';
import { EXIT } from '../errors.ts';
import { printTrigger } from '../print/triggers.ts';
import { readValue } from '../values.ts';
import { captureCalls } from './trigger-capture.ts';

/** Names a trigger. */
interface TriggerArgs {
  readonly workflow: string;
  readonly id: string;
  readonly json: boolean;
}

/** Fires a trigger by hand, with data as its source would send it. */
export async function fireTrigger(ctx: CliContext, args: TriggerArgs & { data?: string }): Promise<number> {
  const data = args.data === undefined ? undefined : await readValue(ctx, '--data', args.data);
  const fired = await ctx.client.fire(args.workflow, args.id, data);
  if (args.json) ctx.out(JSON.stringify(fired, null, 2));
  else if (fired.run) ctx.out(`✔ ${args.id} has started ${fired.run.id} (blok show ${fired.run.id})`);
  else ctx.out(`✔ ${args.id} is held until ${fired.held?.dueAt}, then a run begins (blok queue ${args.workflow})`);
  return EXIT.ok;
}

/** Switches a trigger off or on. */
export async function switchTrigger(
  ctx: CliContext,
  { workflow, id, json, ...change }: TriggerArgs & { active: boolean; note?: string },
): Promise<number> {
  return printTrigger(ctx, await ctx.client.switchTrigger(workflow, id, change), json);
}

/** Fires a schedule for times that are over. */
export async function backfillTrigger(
  ctx: CliContext,
  { workflow, id, json, ...range }: TriggerArgs & { from: string; to: string; overlap?: string },
): Promise<number> {
  const answer = await ctx.client.backfill(workflow, id, range);
  if (json) ctx.out(JSON.stringify(answer, null, 2));
  else if (answer.count === 0) ctx.out('No time of the schedule lies in there.');
  else ctx.out(`✔ ${id} fires for ${answer.count} times, from ${answer.first} to ${answer.last}`);
  return EXIT.ok;
}

/** Makes a link that opens a form once. */
export async function makeLink(ctx: CliContext, args: TriggerArgs & { expiresIn?: string }): Promise<number> {
  const link = await ctx.client.link(args.workflow, args.id, args.expiresIn);
  if (args.json) ctx.out(JSON.stringify(link, null, 2));
  else {
    ctx.out(link.url);
    ctx.err(`It starts one run, and can be opened until ${link.expiresAt}.`);
  }
  return EXIT.ok;
}

/** How the commands about one trigger are called. */
export const declareTrigger: Declaration = ({ program, does, ctx }) => {
  const trigger = program.command('trigger').description('fire, pause, resume, backfill, capture … a trigger');
  const one = (name: string, about: string) =>
    trigger
      .command(`${name} <workflow> <trigger>`)
      .description(about)
      .option(...JSON_OPTION);
  one('fire', 'fire it now, with data as its source would send it')
    .option('--data <json|@file>', 'the body, the data of the event, the item, the values')
    .action(does((workflow: string, id: string, options) => fireTrigger(ctx, { workflow, id, ...options })));
  one('pause', 'switch it off')
    .option('--note <text>', 'why')
    .action(
      does((workflow: string, id: string, options) => switchTrigger(ctx, { workflow, id, active: false, ...options })),
    );
  one('resume', 'switch it on again').action(
    does((workflow: string, id: string, options) => switchTrigger(ctx, { workflow, id, active: true, ...options })),
  );
  one('backfill', 'fire a schedule for times that are over')
    .requiredOption('--from <time>', 'such as 2026-03-01T00:00:00Z')
    .requiredOption('--to <time>', 'the last time, included')
    .option('--overlap <policy>', 'what happens if the run before is still running')
    .action(does((workflow: string, id: string, options) => backfillTrigger(ctx, { workflow, id, ...options })));
  one('capture', 'hold the next calls of a webhook, and print them')
    .option('--next <count>', 'how many calls', count(1, 20), 1)
    .option('--instead', 'a held call starts no run', false)
    .option('--save <file>', 'write each call to a file: an example input')
    .addOption(new Option('--as <what>', 'what is written').choices(['input', 'pin']).default('input'))
    .action(does((workflow: string, id: string, options) => captureCalls(ctx, { workflow, id, ...options })));
  one('link', 'make a link that opens a form once')
    .option('--expires-in <duration>', 'such as 12h or 7d')
    .action(does((workflow: string, id: string, options) => makeLink(ctx, { workflow, id, ...options })));
  one('rotate', 'give a webhook or form a new address').action(
    does(async (workflow: string, id: string, options) =>
      printTrigger(ctx, await ctx.client.rotate(workflow, id), options.json),
    ),
  );
};
