import { createHash } from 'node:crypto';
import { graphOfRun, hasPayload, type RunValues, resolveVariables } from '../../db/index.ts';
import type { Graph } from '../../graph/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { startDigest } from '../../graph/start/digest.ts';
import { claimOf } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { runValues } from '../runs/load.ts';
import { loadVersion, requireNotArchived } from '../start/published.ts';
import { readGraph } from '../start/read-graph.ts';
import { notKept } from '../start/store-taken.ts';

/** What runs again: the run that is repeated, and the graph by which it is. */
export interface Base {
  readonly run: RunValues;
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
 * @throws ApiProblem `run.notFound`, `run.notKept`, `workflow.notFound`, `workflow.archived`, `graph.invalid`
 */
export async function loadBase(ctx: Context, id: string, chosen: Chosen): Promise<Base> {
  const run = await runValues(ctx, id);
  if (!(await ctx.tenant((tx) => hasPayload(tx, { runId: id }))))
    throw notKept(`Input and trigger of the run ${id} are not kept any more.`);
  if (chosen.graph !== undefined) return { run, ...(await givenGraph(ctx, run, chosen)) };
  const version = chosen.version ?? run.version;
  if (version === null) return { run, ...(await graphGivenToRun(ctx, run)) };
  const { workflow } = run;
  return ctx.tenant(async (tx) => {
    await requireNotArchived(tx, { name: workflow });
    const { graph, plan } = await loadVersion(ctx, tx, { name: workflow, version });
    const vars = await resolveVariables(tx, { workflow, defaults: graph.vars ?? {} });
    return { run, graph, plan, version, vars };
  });
}

async function givenGraph(ctx: Context, { workflow }: RunValues, chosen: Chosen) {
  const { graph, plan } = await readGraph(ctx, chosen.graph!);
  const vars = await ctx.tenant((tx) =>
    resolveVariables(tx, { workflow, defaults: graph.vars ?? {}, given: chosen.vars }),
  );
  return { graph, plan, version: null, vars };
}

/** The graph that came with the request of a run, checked like one that comes now, and the variables of then. */
async function graphGivenToRun(ctx: Context, run: RunValues): Promise<Omit<Base, 'run'>> {
  const kept = await ctx.tenant((tx) => graphOfRun(tx, { runId: run.id }));
  if (!kept) throw notKept('The graph of this run came with its request, and is not kept any more: send it along.');
  const { graph, plan } = await readGraph(ctx, kept as unknown as Json);
  return { graph, plan, version: null, vars: await varsOfRun(ctx, run) };
}

/** Only Temporal has the variables of then, and whoever can write to Temporal could put others there: the proof tells. */
async function varsOfRun(ctx: Context, { workflowId }: RunValues): Promise<JsonObject> {
  const start = await ctx.runs.startOf(workflowId);
  if (!start) throw notKept('The variables of this run are not kept any more: send its graph along.');
  const claim = claimOf(start);
  const isOurs = claim !== undefined && ctx.signer.verify(claim, workflowId);
  if (!isOurs || startDigest(start, workflowId, sha256) !== claim.proof.digest)
    throw notKept('What Temporal keeps of the start of this run was not signed by Blok: send its graph along.');
  return start.vars;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
