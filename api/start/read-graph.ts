import { listConnections, newestPrompts } from '../../db/index.ts';
import { compile } from '../../graph/compile/index.ts';
import { type Graph, locate, type Parsed, validateText } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { blocking, type Problem } from '../../graph/problems/problem.ts';
import { type NewestPrompts, pinPrompts } from '../../graph/prompts/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** A graph that can be run, and its warnings. */
export interface ReadGraph {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly warnings: readonly Problem[];
}

/**
 * Reads a graph, as an object or as YAML or JSON text, checks it and compiles it. `strict`: warnings count as errors.
 *
 * @throws ApiProblem `graph.invalid` with all problems of the graph
 */
export async function readGraph(ctx: Context, given: Json, strict = false): Promise<ReadGraph> {
  const { graph, problems, source, prompts } = await checkGraph(ctx, given);
  if (graph === null || blocking(problems, strict).length > 0) throw invalid(problems);
  const compiled = compile(pinPrompts(graph, ctx.catalogue, prompts), ctx.catalogue);
  if (!compiled.plan) throw invalid(locate(compiled.problems, source));
  return { graph, plan: compiled.plan, warnings: problems };
}

/** Reads a graph and finds all its problems, given what the workspace has. */
export async function checkGraph(ctx: Context, given: Json): Promise<Parsed & { readonly prompts: NewestPrompts }> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const { stored, prompts } = await ctx.tenant(async (tx) => ({
    stored: await listConnections(tx),
    prompts: await newestPrompts(tx),
  }));
  const connections = new Map(stored.map(({ name, type, grant }) => [name, { type, scopes: grant?.scopes ?? null }]));
  const known = { catalogue: ctx.catalogue, connections, prompts };
  return { ...validateText(text, known, typeof given === 'string' ? {} : { format: 'json' }), prompts };
}

function invalid(problems: readonly Problem[]): ApiProblem {
  const first = problems[0];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new ApiProblem(
    'graph.invalid',
    first ? `${first.path || 'graph'}: ${first.message}${more}` : 'The graph cannot be read.',
    { problems },
  );
}
