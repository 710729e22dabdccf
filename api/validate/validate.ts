import type { Json } from '../../graph/json.ts';
import { blocking, type Problem } from '../../graph/problems/problem.ts';
import type { Context } from '../context.ts';
import { checkGraph } from '../start/read-graph.ts';

/** Finds all problems of a graph, and says whether it could be published with them. */
export async function validate(
  ctx: Context,
  { graph, strict }: { graph: Json; strict?: boolean | undefined },
): Promise<{ valid: boolean; problems: readonly Problem[] }> {
  const checked = await checkGraph(ctx, graph);
  return {
    valid: checked.graph !== null && blocking(checked.problems, strict).length === 0,
    problems: checked.problems,
  };
}
