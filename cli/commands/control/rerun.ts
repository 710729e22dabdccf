import type { JsonObject } from '../../../graph/json.ts';
import type { RerunBody } from '../../calls/controls.ts';
import type { CliContext } from '../../context.ts';
import { collect, count, type Declaration } from '../../declare.ts';
import { EXIT } from '../../errors.ts';
import { requireValid } from '../../graph-file.ts';
import { headline, runJson } from '../../print/run.ts';
import { readPairs, readValue } from '../../values.ts';
import type { Rerun } from '../../wire.ts';

export interface RerunArgs {
  readonly run: string;
  readonly from?: string;
  readonly input?: string;
  /** `step=JSON` or `step=@file`. */
  readonly output: readonly string[];
  readonly version?: number;
  /** A file. */
  readonly graph?: string;
  readonly dry: boolean;
  readonly reason?: string;
  readonly json: boolean;
}

/** Repeats a run as a new one: all of it, or from a step on. */
export async function rerun(ctx: CliContext, args: RerunArgs): Promise<number> {
  const answer = await ctx.client.rerun(args.run, await bodyOf(ctx, args));
  if (args.json) ctx.out(JSON.stringify({ ...answer, run: answer.run && runJson(answer.run) }, null, 2));
  else print(ctx, answer);
  return EXIT.ok;
}

async function bodyOf(ctx: CliContext, args: RerunArgs): Promise<RerunBody> {
  const { from, version, reason, dry } = args;
  const outputs: JsonObject = await readPairs(ctx, '--output', args.output, true);
  return {
    ...(from === undefined ? {} : { from }),
    ...(args.input === undefined ? {} : { input: await readValue(ctx, '--input', args.input) }),
    ...(args.output.length > 0 ? { outputs } : {}),
    ...(version === undefined ? {} : { version }),
    ...(args.graph === undefined ? {} : { graph: (await requireValid(ctx, args.graph)).text }),
    ...(reason === undefined ? {} : { reason }),
    ...(dry ? { dryRun: true } : {}),
  };
}

function print(ctx: CliContext, { run, takenOver, again, notes }: Rerun): void {
  if (takenOver.length > 0) ctx.err(`Taken over: ${takenOver.join(', ')}`);
  for (const { step, why } of again) ctx.err(`Runs again: ${step} (${why})`);
  for (const note of notes) ctx.err(note);
  if (!run) return ctx.err('Nothing was started. Leave --dry out to start it.');
  ctx.out(run.id);
  ctx.err(headline(run, ctx.now()));
}

/** How the command is called. */
export const declareRerun: Declaration = ({ command, does, ctx }) =>
  command('rerun <run>', 'repeat a run as a new one, or from a step on')
    .option('--from <step>', 'the step from which on it is repeated')
    .option('--input <json|@file>', 'another input')
    .option('--output <step=json|@file>', 'another output of a step (repeatable)', collect, [])
    .option('--in-version <n>', 'another version of the workflow', count(1, 1_000_000_000))
    .option('--graph <file>', 'a graph that runs instead')
    .option('--dry', 'only say what would be taken over', false)
    .option('--reason <text>', 'why')
    .action(
      does((run: string, { inVersion, ...options }) =>
        rerun(ctx, { run, ...options, ...(inVersion === undefined ? {} : { version: inVersion }) }),
      ),
    );
