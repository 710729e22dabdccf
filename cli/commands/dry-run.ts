import type { Graph } from '../../graph/document/types.ts';
import type { DryRunOptions } from '../../graph/dry-run/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { CliContext } from '../context.ts';
import { badInput, CliError, EXIT } from '../errors.ts';
import { nodeTypes, requirePlan } from '../graph-file.ts';
import { paymentLines } from '../print/payments.ts';
import { exitCodeOf, printRun, runJson } from '../print/run.ts';
import { treeLines } from '../print/tree.ts';
import { waitLines } from '../print/waits.ts';
import { looksLikeFile } from '../target.ts';
import { readPairs, readValue, splitPair } from '../values.ts';
import type { ShownRun } from '../wire.ts';
import { playWithPayments } from './dry-payments.ts';

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
  const { fields, pins } = splitPins(graph, args.trigger, await readPairs(ctx, '--pin', args.pin, true));
  const input = args.input === undefined ? undefined : await readValue(ctx, '--input', args.input);
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
  const { outcome, payments, unseen } = await playWithPayments(ctx, engine, {
    play,
    plan,
    now,
    catalogue: await nodeTypes(),
    vars,
    ...(await startOf(graph, { named: args.trigger, input, fields, vars, at: new Date(now).toISOString() })),
    pins,
    failures,
    events,
  });
  const run: ShownRun = {
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
    for (const line of paymentLines(payments, unseen)) ctx.err(line);
  } else if (payments.length > 0) {
    ctx.out(JSON.stringify({ ...runJson(run), payments }, null, 2));
    return exitCodeOf(run);
  }
  return printRun(ctx, run, args.json);
}

/** What a trigger brings, by its id. */
interface PinnedTrigger {
  readonly id: string;
  readonly fields: JsonObject;
}

/** Takes the pin of a trigger out of the pins: it says what `trigger` holds. */
function splitPins(
  graph: Graph,
  named: string | undefined,
  given: JsonObject,
): { fields: PinnedTrigger | undefined; pins: JsonObject } {
  const [id, ...others] = Object.keys(given).filter((name) => Object.hasOwn(graph.triggers ?? {}, name));
  if (id === undefined) return { fields: undefined, pins: given };
  if (others.length > 0 || (named !== undefined && named !== id))
    throw badInput(`A run has one trigger, and there are pins of ${[id, ...others].join(', ')}.`);
  const { [id]: fields, ...pins } = given;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw badInput(`The pin of the trigger ${id} must be an object: what \`trigger\` holds.`);
  return { fields: { id, fields }, pins };
}

/**
 * The trigger the run stands for, and its input, determined as the server does: the trigger's `if` and `input` are
 * evaluated, and the input is checked against the graph's schema.
 */
async function startOf(
  graph: Graph,
  given: {
    named: string | undefined;
    input: Json | undefined;
    fields: PinnedTrigger | undefined;
    vars: JsonObject;
    at: string;
  },
): Promise<{ trigger: JsonObject; input: Json }> {
  const { named, fields: pinned, vars, at } = given;
  const start = await import('../../graph/start/index.ts');
  try {
    const id = pinned?.id ?? start.chooseTrigger(graph, named);
    const brought = pinned && start.defaultInput(graph.triggers![pinned.id]!.uses, pinned.fields);
    const input = given.input ?? brought ?? {};
    const fields = pinned === undefined ? {} : { fields: pinned.fields };
    const trigger = start.triggerInfo(graph, id, { at, key: null, input, ...fields });
    return { trigger, input: start.runInput(graph, trigger, { input, vars }) };
  } catch (error) {
    if (!(error instanceof start.StartError)) throw error;
    const { code, message, problems } = error;
    throw new CliError(EXIT.badInput, code, message, problems === undefined ? {} : { problems });
  }
}
