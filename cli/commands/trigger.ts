import { Option } from 'commander';
import type { Body } from '../../api/client-types.ts';
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
  { workflow, id, json, ...range }: TriggerArgs & Body<'POST /api/workflows/:name/triggers/:id/backfill'>,
): Promise<number> {
  const answer = await ctx.client.backfill(workflow, id, range);
  if (json) ctx.out(JSON.stringify(answer, null, 2));
  else if (answer.count === 0) ctx.out('No time of the schedule lies in there.');
  else ctx.out(`✔ ${id} fires for ${answer.count} times, from ${answer.first} to ${answer.last}`);
  return EXIT.ok;
}

/** Lists what a watch could not read, or empties that list. */
export async function showDeadLetters(
  ctx: CliContext,
  { workflow, id, json, limit, forget }: TriggerArgs & { limit: number; forget: boolean },
): Promise<number> {
  if (forget) {
    const { forgotten } = await ctx.client.emptyDeadLetters(workflow, id);
    ctx.out(json ? JSON.stringify({ forgotten }, null, 2) : `✔ ${forgotten} forgotten`);
    return EXIT.ok;
  }
  const page = await ctx.client.deadLetters(workflow, id, { limit });
  if (json) ctx.out(JSON.stringify(page, null, 2));
  else if (page.items.length === 0) ctx.err('Its watch could read everything.');
  else for (const { key, where, reason, at } of page.items) ctx.out(`${at}  ${key}  ${where}: ${reason}`);
  if (!json && page.next !== null) ctx.err(`There are more: ask for up to 1,000 with --limit.`);
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
  one('dead-letters', 'list what its watch has found and nobody can read')
    .option('--limit <count>', 'how many, the newest first', count(1, 1_000), 100)
    .option('--forget', 'empty the list', false)
    .action(does((workflow: string, id: string, options) => showDeadLetters(ctx, { workflow, id, ...options })));
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
