import { getBlob, hasPayload, resolveVariables, type StoredRun } from '../../db/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import { type PackedPlan, unpackPlan } from '../../graph/plan/pack.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { BlobRef, StartInput } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { storedRun } from '../runs/load.ts';
import { loadVersion } from '../start/published.ts';
import { readGraph } from '../start/read-graph.ts';
import { notKept } from '../start/store-taken.ts';

/** What runs again: the run that is repeated, and the graph by which it is. */
export interface Base {
  readonly run: StoredRun;
  readonly graph: Graph;
  readonly plan: Plan;
  readonly version: number | null;
  readonly vars: JsonObject;
}

/** Which graph is to run: another version, a graph that comes along, or the one of the run. */
export interface Chosen {
  readonly version?: number | undefined;
  readonly graph?: Json | undefined;
  readonly vars?: JsonObject | undefined;
}

/**
 * Loads a run to be repeated, and the graph by which it is.
 *
 * @throws ApiProblem `run.notFound`, `run.notKept`, `workflow.notFound`, `graph.invalid`
 */
export async function loadBase(ctx: Context, id: string, chosen: Chosen): Promise<Base> {
  const run = await storedRun(ctx, id);
  if (!(await ctx.tenant((tx) => hasPayload(tx, { runId: id }))))
    throw notKept(`Input and trigger of the run ${id} are not kept any more.`);
  if (chosen.graph !== undefined) return { run, ...(await givenGraph(ctx, run, chosen)) };
  const version = chosen.version ?? run.version;
  if (version === null) return { run, ...(await graphOfRun(ctx, run)) };
  const { workflow } = run;
  return ctx.tenant(async (tx) => {
    const { graph, plan } = await loadVersion(ctx, tx, { name: workflow, version });
    const vars = await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} });
    return { run, graph, plan, version, vars };
  });
}

async function givenGraph(ctx: Context, { workflow }: StoredRun, { graph: given, vars: set }: Chosen) {
  const { graph, plan } = await readGraph(ctx, given!);
  const vars = await ctx.tenant((tx) =>
    resolveVariables(tx, { workflow, defaults: graph.vars ?? {}, ...(set === undefined ? {} : { given: set }) }),
  );
  return { graph, plan, version: null, vars };
}

/** The plan of a run whose graph came with its request. Only Temporal has it, as long as it keeps the run. */
async function graphOfRun(ctx: Context, run: StoredRun): Promise<Omit<Base, 'run'>> {
  const start = await ctx.runs.startOf(run.workflowId);
  if (!start) throw notKept('The graph of this run came with its request, and is not kept any more: send it along.');
  const plan = unpackPlan((await packedPlan(ctx, start)) as PackedPlan);
  const { name, label } = plan;
  const priority = start.priority === undefined ? {} : { priority: start.priority };
  const graph: Graph = { blok: 1, name, ...(label === undefined ? {} : { label }), ...priority, nodes: {} };
  return { graph, plan, version: null, vars: start.vars };
}

async function packedPlan(ctx: Context, { plan, planByReference }: StartInput): Promise<unknown> {
  if (!planByReference) return plan;
  const { sha256 } = (plan as { blob: BlobRef }).blob;
  const bytes = await ctx.tenant((tx) => getBlob(tx, { sha256 }));
  if (!bytes) throw notKept('The plan of this run is not kept any more: send its graph along.');
  return JSON.parse(new TextDecoder().decode(bytes));
}
