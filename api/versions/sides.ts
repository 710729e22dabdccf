import { describeVersion } from '../../db/index.ts';
import { type Graph, parseGraph, writeYaml } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { requireDraft } from '../drafts/view.ts';
import { ApiProblem } from '../http/problem.ts';
import { existingVersion, notFound } from '../start/published.ts';

/** A state of a workflow: a version by its number, what is published, or the draft. */
export type Side = number | 'draft' | 'published';

/** The graph of a state of a workflow. @throws ApiProblem `workflow.notFound`, `draft.notFound`, `graph.invalid` */
export async function graphOfSide(ctx: Context, name: string, side: Side): Promise<Graph> {
  if (side !== 'draft') return (await ctx.tenant((tx) => existingVersion(ctx, tx, versionOf(name, side)))).graph;
  const { graph, problems } = parseGraph(await textOfSide(ctx, name, side));
  if (graph !== null) return graph;
  throw new ApiProblem('graph.invalid', `The draft of "${name}" is no graph yet, so it cannot be compared.`, {
    problems,
  });
}

/** The text of a state of a workflow. @throws ApiProblem `workflow.notFound`, `draft.notFound` */
export async function textOfSide(ctx: Context, name: string, side: Side): Promise<string> {
  if (side === 'draft') return (await requireDraft(ctx, name)).stored.text;
  return ctx.tenant(async (tx) => {
    const version = versionOf(name, side);
    const found = await describeVersion(tx, version);
    if (found === null) throw notFound(version);
    return found.text ?? writeYaml((await existingVersion(ctx, tx, version)).graph as unknown as Json);
  });
}

const versionOf = (name: string, side: number | 'published') =>
  side === 'published' ? { name } : { name, version: side };
