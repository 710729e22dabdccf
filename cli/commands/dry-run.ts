import type { Graph } from '../../graph/document/types.ts';
import type { DryRunOptions } from '../../graph/dry-run/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { CliContext } from '../context.ts';
import { badInput, CliError, EXIT } from '../errors.ts';
import { nodeTypes, requirePlan } from '../graph-file.ts';
import { printRun } from '../print/run.ts';
import { treeLines } from '../print/tree.ts';
import { waitLines } from '../print/waits.ts';
import { looksLikeFile } from '../target.ts';
import { readPairs, readValue, splitPair } from '../values.ts';
import type { Run } from '../wire.ts';

export interface DryRunArgs {
  readonly target: string;
  readonly input?: string;
  readonly trigger?: string;
  readonly var: readonly string[];
  /** `node=JSON` or `node=@file`: the answer of the effect, or the decision of the approval. */
  readonly pin: readonly string[];
  /** `node=code`: the effect fails. */
  readonly fail: readonly string[];
  /** `name=JSON` or `name:key=@file`: an event that comes while it runs. */
  readonly event: readonly string[];
  readonly json: boolean;
}

/** Runs a graph without a server or effects: pins answer the effects, and time jumps from timer to timer. */
export async function dryRun(ctx: CliContext, args: DryRunArgs): Promise<number> {
  if (!looksLikeFile(args.target)) {
    throw badInput(
      `A dry run needs a file, and ${args.target} is the name of a workflow.`,
      'Give the path of the graph.',
    );
  }
  const { graph, plan } = await requirePlan(ctx, args.target);
  const input: Json = args.input === undefined ? {} : await readValue(ctx, '--input', args.input);
  const events = Object.entries(await readPairs(ctx, '--event', args.event)).map(([given, data]) => {
    const [name, ...key] = given.split(':');
    return { name: name!, key: key.length > 0 ? key.join(':') : null, data };
  });
  const failures = Object.fromEntries(
    args.fail.map((pair) => {
      const [node, code] = splitPair('--fail', pair);
      return [node, { code }];
    }),
  );
  const engine = await import('../../graph/dry-run/index.ts');
  const now = ctx.now();
  const vars = { ...graph.vars, ...(await readPairs(ctx, '--var', args.var, true)) };
  const play = (options: DryRunOptions) => {
    try {
      return engine.dryRun(options);
    } catch (error) {
      throw error instanceof engine.PinError ? badInput(error.message) : error;
    }
  };
  const outcome = play({
    plan,
    now,
    catalogue: await nodeTypes(),
    vars,
    ...(await startOf(graph, args.trigger, { input, vars, at: new Date(now).toISOString() })),
    pins: await readPairs(ctx, '--pin', args.pin, true),
    failures,
    events,
  });
  const run: Run = {
    id: 'dry-run',
    workflow: plan.name,
    version: null,
    status: outcome.status,
    output: (outcome.output ?? null) as Json,
    error: outcome.error,
    steps: outcome.steps,
    waits: outcome.waits,
    startedAt: new Date(now).toISOString(),
    endedAt: outcome.endedAt,
  };
  if (!args.json) {
    for (const line of treeLines(run.steps, now)) ctx.err(`  ${line}`);
    // Only what the run waits for, not the command: nobody can answer a dry run from outside.
    for (const wait of run.waits) ctx.err(waitLines(run.id, wait)[0]!);
  }
  return printRun(ctx, run, args.json);
}

/**
 * The trigger the run stands for, and its input, determined as the server does: the trigger's `if` and `input` are
 * evaluated, and the input is checked against the graph's schema.
 */
async function startOf(
  graph: Graph,
  named: string | undefined,
  { input, vars, at }: { input: Json; vars: JsonObject; at: string },
): Promise<{ trigger: JsonObject; input: Json }> {
  const start = await import('../../graph/start/index.ts');
  try {
    const trigger = start.triggerInfo(graph, start.chooseTrigger(graph, named), { at, key: null, input });
    return { trigger, input: start.runInput(graph, trigger, { input, vars }) };
  } catch (error) {
    if (!(error instanceof start.StartError)) throw error;
    const { code, message, problems } = error;
    throw new CliError(EXIT.badInput, code, message, problems === undefined ? {} : { problems });
  }
}
