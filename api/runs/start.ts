import { resolveVariables, runAsStored } from '../../db/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Later, Reply } from '../http/route.ts';
import { cutAt, type Part, pinned } from '../start/pins.ts';
import { startableVersion } from '../start/published.ts';
import { readGraph } from '../start/read-graph.ts';
import type { Started } from '../start/request.ts';
import { startRun } from '../start/start-run.ts';
import { storeTaken } from '../start/store-taken.ts';
import { currentRun, waitForEnd } from './load.ts';
import { presentRun } from './present.ts';

interface Common {
  readonly input?: Json;
  readonly trigger?: string;
  readonly idempotencyKey?: string;
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

/** Starts a run of a published workflow. */
export async function startPublished(
  ctx: Context,
  input: Common & { workflow: string; version?: number },
): Promise<Reply | Later> {
  const { workflow, version, trigger } = input;
  const started = await startRun(ctx, {
    ...startFields(input),
    workflow,
    body: body({ input: input.input, trigger, version }),
    load: () =>
      ctx.tenant(async (tx) => {
        const name = { name: workflow, ...(version === undefined ? {} : { version }) };
        const published = await startableVersion(ctx, tx, name);
        const vars = await resolveVariables(tx, { workflow, defaults: published.graph.vars ?? {} });
        return { ...published, vars };
      }),
  });
  return answer(ctx, started, input);
}

/** Starts a run of a graph that comes with the request. */
export async function startGiven(
  ctx: Context,
  input: Common & Part & { graph: Json; vars?: JsonObject; until?: string | undefined },
): Promise<Reply | Later> {
  const { graph, plan } = await readPart(ctx, input);
  const taken = pinned(plan, input);
  const unknown = Object.keys(input.vars ?? {}).filter((name) => !Object.hasOwn(graph.vars ?? {}, name));
  if (unknown.length > 0) {
    throw new ApiProblem(
      'vars.unknown',
      `The graph declares no variable ${unknown.map((name) => `"${name}"`).join(', ')}. Add it to "vars" with its default.`,
    );
  }
  const started = await startRun(ctx, {
    ...startFields(input),
    workflow: graph.name,
    body: body({
      ...{ input: input.input, trigger: input.trigger, vars: input.vars },
      ...part(input),
      graph: plan.hash,
    }),
    ...(taken && { repeat: { taken: (runId: string) => storeTaken(ctx, runId, taken) } }),
    load: async () => {
      const vars = await ctx.tenant((tx) =>
        resolveVariables(tx, { workflow: graph.name, defaults: graph.vars ?? {}, given: input.vars }),
      );
      return { graph, plan, version: null, vars };
    },
  });
  return answer(ctx, started, input);
}

/** The graph, or the part of it that leads to a node. */
async function readPart(ctx: Context, { graph, until }: { graph: Json; until?: string | undefined }) {
  const whole = await readGraph(ctx, graph);
  return until === undefined ? whole : readGraph(ctx, cutAt(whole.graph, until));
}

const part = ({ pins, from }: Part) => ({ pins, from });

const startFields = ({ input, trigger, idempotencyKey, waitSeconds = 0 }: Common) => ({
  waits: waitSeconds > 0,
  ...(input === undefined ? {} : { input }),
  ...(trigger === undefined ? {} : { trigger }),
  ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
});

/** The fields that were given. */
const body = (fields: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;

/**
 * How long a start that waits leaves it to the worker of this process to report the end. After that, the opening row is
 * written and Temporal is asked: the run takes longer, and others should see that it is running.
 */
const AT_ONCE_MS = 500;

/** 200 with the run if it ends in time, else 202. */
async function answer(ctx: Context, started: Started, input: Common): Promise<Reply | Later> {
  const { runId, workflowId, record, watch, inline } = started;
  if (inline) return { status: 200, body: await presentRun(ctx, runAsStored(inline.record)) };
  const { waitSeconds: seconds = 0, signal } = input;
  const ended = await watch?.atOnce(Math.min(seconds * 1000, AT_ONCE_MS));
  if (ended) {
    await started.keep?.();
    return { status: 200, body: await presentRun(ctx, runAsStored(ended)) };
  }
  // The row is written while the run goes on.
  const written = started.open();
  if (!record || seconds > 0) return { later: ending(ctx, { runId, workflowId, seconds, signal, written }) };
  await written;
  const opened = { ...record, id: runId, outputRef: null, replayedFrom: null, steps: [], moreSteps: false, waits: [] };
  return { status: 202, body: await presentRun(ctx, opened) };
}

/** What answers once the run has ended or the time is up. It knows nothing of the input of the run. */
const ending =
  (
    ctx: Context,
    {
      runId,
      written,
      ...waits
    }: {
      runId: string;
      workflowId: string;
      seconds: number;
      signal: AbortSignal | undefined;
      written: Promise<void>;
    },
  ) =>
  async (): Promise<Reply> => {
    const outcome = waits.seconds > 0 ? await waitForEnd(ctx, waits) : null;
    await written;
    const run = await currentRun(ctx, runId, outcome);
    return { status: run.endedAt === null ? 202 : 200, body: run };
  };
