import type { Json } from '../../graph/json.ts';
import type { OnFailureInput } from '../../workflows/activities.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { toFailure } from '../failure.ts';
import { begin } from './begin.ts';
import { openRun } from './open-run.ts';
import { startInputFor } from './prepare-run.ts';

/**
 * Implements `blokOnFailure`: starts the workflow that handles failures, once per failed run.
 *
 * @param taskQueue of the failed run: the new run is served where the failed one is
 */
export async function startOnFailure(
  deps: ActivityDeps,
  { workspace, workflow, failed, depth }: OnFailureInput,
  taskQueue: string,
): Promise<void> {
  const startedAt = new Date().toISOString();
  try {
    const call = {
      workspace,
      workflow,
      input: failed as unknown as Json,
      key: `failure/${failed.run}`,
      by: `run:${failed.run}`,
      above: depth,
      uses: 'failure',
    };
    const { workflowId, input } = await startInputFor(deps, call);
    const temporalRunId = await begin(deps, taskQueue, { workflowId, input });
    await openRun(deps, { workflowId, temporalRunId, start: input });
  } catch (thrown) {
    deps.log.warn(
      { workspace, run: failed.run, reason: (thrown as Error).message },
      'the workflow named by onFailure was not started',
    );
    throw toFailure(thrown, { giveUpOn: [] }, { attempt: 1, startedAt, endedAt: new Date().toISOString() });
  }
}
