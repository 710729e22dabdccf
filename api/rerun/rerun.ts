import type { Json, JsonObject } from '../../graph/json.ts';
import { givenSteps, isInside, nodeAtPath, type TakeOver } from '../../graph/replay/index.ts';
import { checkInput } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { type Asking, recorded } from '../controls/record.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { currentRun, isEnd } from '../runs/load.ts';
import type { Started } from '../start/request.ts';
import { startRun } from '../start/start-run.ts';
import { storeTaken } from '../start/store-taken.ts';
import { type Base, type Chosen, loadBase } from './base.ts';
import { notesOf } from './notes.ts';
import { takeOverStored } from './take-over.ts';

/** How a run is repeated. */
export interface RerunRequest extends Asking, Chosen {
  /** Path of the step from which on it runs again; absent: all of it does. */
  readonly from?: string | undefined;
  /** Absent: the input of the run. */
  readonly input?: Json | undefined;
  /** Outputs to take over instead of those recorded, by step path. */
  readonly outputs?: JsonObject | undefined;
  readonly dryRun?: boolean | undefined;
}

/** What a re-run will do. */
export interface RerunPlan {
  readonly takenOver: readonly string[];
  readonly again: TakeOver['again'];
  readonly notes: readonly string[];
}

/**
 * Starts a new run that repeats another one, from a step on or from its beginning. What the steps before it did is taken
 * over as it was recorded, and is not done again.
 *
 * @throws ApiProblem `step.unknown`, `outputs.missing`, `outputs.unused`, `run.notKept`, and the problems of a start
 */
export async function rerun(ctx: Context, request: RerunRequest): Promise<Reply> {
  const base = await loadBase(ctx, request.id, request);
  const over = await takeOver(ctx, base, request);
  const plan = planOf(base, request, over);
  if (request.dryRun) return { status: 200, body: { run: null, ...plan } };
  const { version = null, graph = null, vars = null, from = null, outputs = null, input = null } = request;
  const body = { version, from, outputs, input, vars, graph: graph === null ? null : base.plan.hash } as JsonObject;
  let started: Started | undefined;
  const detail = { from, version: base.version };
  await recorded(ctx, { ...request, action: 'rerun', detail, request: body }, async (key) => {
    started = await start(ctx, base, { request, over, key, body });
    await started.open();
  });
  // A request that was carried out before has started the run under the same key.
  started ??= await start(ctx, base, { request, over, key: request.key!, body });
  return { status: 202, body: { run: await currentRun(ctx, started.runId), ...plan } };
}

async function start(
  ctx: Context,
  { run, graph, plan, version, vars }: Base,
  { request, over, key, body }: { request: RerunRequest; over: TakeOver | null; key: string; body: JsonObject },
): Promise<Started> {
  const input = request.input === undefined ? run.input : request.input;
  checkInput(graph, input);
  const taken = over && Object.keys(over.taken.steps).length > 0 ? over.taken : null;
  return startRun(ctx, {
    workflow: run.workflow,
    idempotencyKey: `rerun/${run.id}/${key}`,
    body,
    waits: false,
    ready: { trigger: run.trigger, input },
    repeat: { of: run.id, ...(taken ? { taken: (runId: string) => storeTaken(ctx, runId, taken) } : {}) },
    load: async () => ({ graph, plan, version, vars }),
  });
}

/** What is taken over; null: nothing. */
async function takeOver(ctx: Context, base: Base, { from, outputs = {} }: RerunRequest): Promise<TakeOver | null> {
  const { plan, run } = base;
  for (const path of Object.keys(outputs)) if (!nodeAtPath(plan.body, path)) throw unknownStep(path, base);
  if (from === undefined) return { taken: { steps: givenSteps(outputs) }, again: [], missing: [], loops: [] };
  if (!isEnd(run.status)) throw new ApiProblem('run.open', 'The run has not ended: its steps can still change.');
  const over = await takeOverStored(ctx, { plan, run, from, outputs });
  if (!over) throw unknownStep(from, base);
  if (over.missing.length > 0) throw missing(over.missing);
  const unused = unusedIn(over, outputs);
  if (unused !== undefined) throw unused;
  return over;
}

/** An output for a step in a container that is taken over as a whole: nobody would read it. */
function unusedIn({ taken }: TakeOver, outputs: JsonObject): ApiProblem | undefined {
  const whole = Object.keys(taken.steps).filter((path) => !Object.hasOwn(outputs, path));
  for (const path of Object.keys(outputs)) {
    const container = whole.find((each) => isInside(path, each));
    if (container === undefined) continue;
    const detail = `The output given for "${path}" would change nothing, because "${container}" is taken over as a whole. Give the output of "${container}", or begin from a step in it.`;
    return new ApiProblem('outputs.unused', detail);
  }
  return undefined;
}

function planOf({ run }: Base, { input }: RerunRequest, over: TakeOver | null): RerunPlan {
  const steps = over?.taken.steps ?? {};
  return {
    takenOver: Object.keys(steps),
    again: over?.again ?? [],
    notes: notesOf({ input: input === undefined ? run.input : input, steps }),
  };
}

const unknownStep = (path: string, { version }: Base): ApiProblem =>
  new ApiProblem(
    'step.unknown',
    `The graph${version === null ? '' : ` of version ${version}`} has no step "${path}". GET the run for the paths of its steps.`,
  );

const missing = (paths: readonly string[]): ApiProblem =>
  new ApiProblem(
    'outputs.missing',
    `The run's record does not hold the output of ${paths.join(', ')} whole. Give it in "outputs".`,
  );
