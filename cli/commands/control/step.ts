import type { CliContext } from '../../context.ts';
import { count, type Declaration, JSON_OPTION } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { readValue } from '../../values.ts';
import type { Control } from '../../wire.ts';

/** Prints what was done to a step. */
function print(ctx: CliContext, control: Control, json: boolean): number {
  if (json) ctx.out(JSON.stringify(control, null, 2));
  else ctx.out(`✔ ${control.action} ${control.step}`);
  return EXIT.ok;
}

/** Verbs that need no more than a reason, and what they do. */
const PLAIN = {
  retry: 'make the next attempt of a step now',
  timeout: 'end a wait as if its timeout had come',
  pause: 'keep a running step from further attempts',
  unpause: 'let a paused step go on, at once',
} as const;

/** How the commands about one step are called. */
export const declareStep: Declaration = ({ program, does, ctx }) => {
  const { steps } = ctx.client;
  const step = program.command('step').description('retry, skip, complete, pause, reset … a step of a run');
  const one = (name: string, about: string) =>
    step
      .command(`${name} <run> <step>`)
      .description(about)
      .option('--reason <text>', 'why')
      .option(...JSON_OPTION);
  for (const verb of Object.keys(PLAIN) as (keyof typeof PLAIN)[])
    one(verb, PLAIN[verb]).action(
      does(async (run: string, path: string, { json, reason }) =>
        print(ctx, await steps[verb](run, path, { reason }), json),
      ),
    );
  one('skip', 'end a running step with a given output')
    .requiredOption('--output <json|@file>', 'the output of the step')
    .action(
      does(async (run: string, path: string, { json, reason, output: given }) => {
        const output = await readValue(ctx, '--output', given);
        return print(ctx, await steps.skip(run, path, { output, reason }), json);
      }),
    );
  one('complete', 'end a wait as if what it waits for had come')
    .option('--data <json|@file>', 'the data of the event; of an approval: "approved" or "rejected"')
    .action(
      does(async (run: string, path: string, { json, reason, data: given }) => {
        const data = given === undefined ? undefined : await readValue(ctx, '--data', given);
        return print(ctx, await steps.complete(run, path, { data, reason }), json);
      }),
    );
  one('reset', 'begin a running step anew: its attempts count from 1')
    .option('--keep-paused', 'a paused step stays paused', false)
    .option('--reset-heartbeat', 'forget what earlier attempts have noted', false)
    .action(
      does(async (run: string, path: string, { json, ...body }) =>
        print(ctx, await steps.reset(run, path, body), json),
      ),
    );
  one('options', 'change retry and timeouts of a running step')
    .option('--timeout <duration>', 'of all attempts together')
    .option('--attempt-timeout <duration>', 'of one attempt')
    .option('--max-attempts <n>', 'how many attempts', count(1, 10_000))
    .option('--delay <duration>', 'before the second attempt')
    .option('--max-delay <duration>', 'the longest delay')
    .option('--factor <number>', 'by which the delay grows', Number)
    .option('--original', 'as the step began')
    .action(
      does(async (run: string, path: string, { json, ...body }) =>
        print(ctx, await steps.options(run, path, body), json),
      ),
    );
};
