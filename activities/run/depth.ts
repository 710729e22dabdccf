import { tooDeep } from '../../graph/start/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { ActivityDeps } from '../base/deps.ts';

/**
 * How many runs are above a run that another run is about to start, each started by the one above it. Every kind of
 * start counts: by `workflow.run`, waited for or not, by `onFailure`, and by an event that a run has sent.
 *
 * @param above how many runs are above the starting run
 * @throws NodeError `run.tooDeep`: a workflow that calls itself must not fill the machine
 */
export function depthBelow({ maxDepth }: Pick<ActivityDeps, 'maxDepth'>, workflow: string, above = 0): number {
  const depth = above + 1;
  if (depth <= maxDepth) return depth;
  throw new NodeError('run.tooDeep', tooDeep(workflow, { depth, max: maxDepth }));
}
