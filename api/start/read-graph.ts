import { listConnections } from '../../db/index.ts';
import { compile } from '../../graph/compile/index.ts';
import { type Graph, locate, parseGraph, validate } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { Problem } from '../../graph/problems/problem.ts';
import { schemaProblem } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * Reads a graph, as an object or as YAML or JSON text, checks it and compiles it.
 *
 * @throws ApiProblem `graph.invalid` with all that is wrong with it
 */
export async function readGraph(ctx: Context, given: Json): Promise<{ graph: Graph; plan: Plan }> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const { graph, problems, source } = parseGraph(text, typeof given === 'string' ? {} : { format: 'json' });
  if (!graph || problems.length > 0) throw invalid(problems);
  const stored = await ctx.tenant(listConnections);
  const connections = new Map(stored.map(({ name, type }) => [name, { type }]));
  const found = validate(graph, { catalogue: ctx.catalogue, connections, schemaProblem });
  if (found.length > 0) throw invalid(locate(found, source));
  const compiled = compile(graph, ctx.catalogue);
  if (!compiled.plan) throw invalid(locate(compiled.problems, source));
  return { graph, plan: compiled.plan };
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
