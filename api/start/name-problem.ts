import type { Graph } from '../../graph/index.ts';
import type { Problem } from '../../graph/problems/problem.ts';

/** A graph must be named like the workflow that it is published as. Null: it is. */
export function nameProblem(graph: Graph, name: string): Problem | null {
  if (graph.name === name) return null;
  return {
    severity: 'error',
    code: 'name-differs',
    path: '/name',
    message: `The graph is named "${graph.name}", the address says "${name}".`,
    hint: 'Make them the same.',
  };
}
