import type { Json } from '../../../graph/json.ts';
import type { CliContext } from '../../context.ts';
import { count, type Declaration, JSON_OPTION } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { readValue } from '../../values.ts';

/** One step of a run. */
interface StepArgs {
  readonly run: string;
  readonly step: string;
  readonly reason?: string;
  readonly json: boolean;
}

/** Does something to a step; what is given besides goes along. */
async function act(ctx: CliContext, verb: string, args: StepArgs & object): Promise<number> {
  const { run, step, json, ...content } = args;
  const control = await ctx.client.actOnStep(run, step, verb, content);
  if (json) ctx.out(JSON.stringify(control, null, 2));
  else ctx.out(`✔ ${control.action} ${control.step}`);
  return EXIT.ok;
}

/** Ends a step with this output, or a wait with these data. */
async function give(
  ctx: CliContext,
  { verb, as, given }: { verb: string; as: 'output' | 'data'; given: string | undefined },
  args: StepArgs,
): Promise<number> {
  const value: Json | undefined = given === undefined ? undefined : await readValue(ctx, `--${as}`, given);
  return act(ctx, verb, value === undefined ? args : { ...args, [as]: value });
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
  const step = program.command('step').description('retry, skip, complete, pause, reset … a step of a run');
  const one = (name: string, about: string) =>
    step
      .command(`${name} <run> <step>`)
      .description(about)
      .option('--reason <text>', 'why')
      .option(...JSON_OPTION);
  for (const [verb, about] of Object.entries(PLAIN))
    one(verb, about).action(
      does((run: string, path: string, options) => act(ctx, verb, { run, step: path, ...options })),
    );
  one('skip', 'end a running step with a given output')
    .requiredOption('--output <json|@file>', 'the output of the step')
    .action(
      does((run: string, path: string, { output, ...options }) =>
        give(ctx, { verb: 'skip', as: 'output', given: output }, { run, step: path, ...options }),
      ),
    );
  one('complete', 'end a wait as if what it waits for had come')
    .option('--data <json|@file>', 'the data of the event; of an approval: "approved" or "rejected"')
    .action(
      does((run: string, path: string, { data, ...options }) =>
        give(ctx, { verb: 'complete', as: 'data', given: data }, { run, step: path, ...options }),
      ),
    );
  one('reset', 'begin a running step anew: its attempts count from 1')
    .option('--keep-paused', 'a paused step stays paused', false)
    .option('--reset-heartbeat', 'forget what earlier attempts have noted', false)
    .action(does((run: string, path: string, options) => act(ctx, 'reset', { run, step: path, ...options })));
  one('options', 'change retry and timeouts of a running step')
    .option('--timeout <duration>', 'of all attempts together')
    .option('--attempt-timeout <duration>', 'of one attempt')
    .option('--max-attempts <n>', 'how many attempts', count(1, 10_000))
    .option('--delay <duration>', 'before the second attempt')
    .option('--max-delay <duration>', 'the longest delay')
    .option('--factor <number>', 'by which the delay grows', Number)
    .option('--original', 'as the step began')
    .action(does((run: string, path: string, options) => act(ctx, 'options', { run, step: path, ...options })));
};
