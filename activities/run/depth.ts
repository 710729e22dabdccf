import { NodeError } from '../../integrations/error.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** How deep runs may be nested, unless the operator says otherwise. */
export const MAX_DEPTH = 20;

/**
 * How many runs are above a run that another run is about to start, each started by the one above it. Every kind of
 * start counts: by `workflow.run`, waited for or not, and by `onFailure`.
 *
 * @param above how many runs are above the starting run
 * @throws NodeError `run.tooDeep`: a workflow that calls itself must not fill the machine
 */
export function depthBelow({ maxDepth }: Pick<ActivityDeps, 'maxDepth'>, workflow: string, above = 0): number {
  const depth = above + 1;
  if (depth <= maxDepth) return depth;
  throw new NodeError(
    'run.tooDeep',
    `${workflow} is not started: ${depth} runs would be above it, each started by the one above, and at most ` +
      `${maxDepth} are allowed. Does a workflow call itself? Give the step that calls it an \`if\` that ends the chain. ` +
      'The operator sets the limit with BLOK_MAX_DEPTH.',
  );
}
