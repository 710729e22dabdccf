import { findWorkflow, listVariables as listStored } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { loadVersion, noWorkflow } from '../start/published.ts';

/** Variables of the workspace, by name. */
export async function listVariables(ctx: Context) {
  return { items: await ctx.tenant((tx) => listStored(tx, {})) };
}

/** A variable as a run of a workflow that starts now would see it. */
export interface EffectiveVariable {
  readonly name: string;
  readonly value: Json;
  /** Who says the value: the graph (its default), the workspace, or the workflow. */
  readonly origin: 'graph' | 'workspace' | 'workflow';
  /** The published graph declares it; otherwise no run reads it. */
  readonly declared: boolean;
  /** The default of the graph, and the value of the workspace, if another value stands in front of them. */
  readonly instead: { readonly graph?: Json; readonly workspace?: Json };
  readonly updatedAt: string | null;
}

/**
 * The variables of a workflow with their origin: those that its published graph declares, and those that are set on it.
 *
 * @throws ApiProblem `workflow.notFound`
 */
export async function listWorkflowVariables(ctx: Context, { workflow }: { workflow: string }) {
  const { own, shared, defaults } = await ctx.tenant(async (tx) => {
    const head = await findWorkflow(tx, { name: workflow });
    const stored = await listStored(tx, { workflow });
    if (head === null && stored.length === 0) throw noWorkflow(workflow);
    const graph =
      head?.version == null ? null : (await loadVersion(ctx, tx, { name: workflow, version: head.version })).graph;
    return { own: stored, shared: await listStored(tx, {}), defaults: graph?.vars ?? {} };
  });
  const [mine, ours] = [byName(own), byName(shared)];
  const names = [...new Set([...Object.keys(defaults), ...mine.keys()])].sort();
  return { items: names.map((name) => effective(name, { mine: mine.get(name), ours: ours.get(name), defaults })) };
}

type Stored = Awaited<ReturnType<typeof listStored>>[number];

const byName = (rows: readonly Stored[]): ReadonlyMap<string, Stored> => new Map(rows.map((row) => [row.name, row]));

function effective(
  name: string,
  said: { mine: Stored | undefined; ours: Stored | undefined; defaults: Readonly<Record<string, Json>> },
): EffectiveVariable {
  const { mine, ours, defaults } = said;
  const declared = Object.hasOwn(defaults, name);
  const graph = declared ? { graph: defaults[name]! } : {};
  const workspace = ours ? { workspace: ours.value } : {};
  if (mine) {
    const { value, updatedAt } = mine;
    return { name, value, origin: 'workflow', declared, instead: { ...graph, ...workspace }, updatedAt };
  }
  if (ours)
    return { name, value: ours.value, origin: 'workspace', declared, instead: graph, updatedAt: ours.updatedAt };
  return { name, value: defaults[name]!, origin: 'graph', declared, instead: {}, updatedAt: null };
}
