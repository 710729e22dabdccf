import { Argument } from 'commander';
import type { BulkBody } from '../../calls/controls.ts';
import type { CliContext } from '../../context.ts';
import type { Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { type RunOptions, runsAsked, withRunFilter } from '../../run-filter.ts';

export interface BulkArgs extends RunOptions {
  readonly action: BulkBody['action'];
  readonly reason?: string;
  /** Do not ask. */
  readonly yes: boolean;
  readonly json: boolean;
}

/** Counts the runs that match, and then cancels, terminates or repeats them. */
export async function bulk(ctx: CliContext, args: BulkArgs): Promise<number> {
  const { action, reason, yes, json, ...options } = args;
  const about: BulkBody = { action, filter: runsAsked(options, ctx.now()), reason };
  const counted = await ctx.client.bulk(about);
  const most = counted.more ? ' (and more, which the next request finds)' : '';
  if (!json) ctx.err(`${counted.count} runs match${most}.`);
  const isAgreed = counted.count > 0 && (yes || ((await ctx.confirm?.(`${capital(action)} them?`)) ?? false));
  const answer = isAgreed ? await ctx.client.bulk({ ...about, expected: counted.count }) : counted;
  if (json) ctx.out(JSON.stringify(answer, null, 2));
  else if (answer.done !== null) ctx.out(`✔ ${answer.done} done`);
  else if (counted.count > 0) ctx.err('Nothing was done. Add --yes to do it.');
  if (!json) for (const { run, code } of answer.failed) ctx.err(`  ${run}: ${code}`);
  return answer.failed.length > 0 ? EXIT.failed : EXIT.ok;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** How the command is called. */
export const declareBulk: Declaration = ({ command, does, ctx }) =>
  withRunFilter(
    command('bulk', 'cancel, terminate or repeat all runs that match; shows first how many there are').addArgument(
      new Argument('<action>').choices(['cancel', 'terminate', 'rerun']),
    ),
  )
    .option('--reason <text>', 'why')
    .option('-y, --yes', 'do not ask', false)
    .action(does((action: BulkBody['action'], options) => bulk(ctx, { action, ...options })));
