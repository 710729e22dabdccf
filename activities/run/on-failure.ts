import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Json } from '../../graph/json.ts';
import type { OnFailureInput } from '../../workflows/activities.ts';
import { searchAttributesOf, TASK_QUEUE, workflowType } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { toFailure } from '../base/failure.ts';
import { startInputFor } from './prepare-run.ts';

/** Implements `blokOnFailure`: starts the workflow that wants to know, once per failed run. */
export async function startOnFailure(
  deps: ActivityDeps,
  { workspace, workflow, failed }: OnFailureInput,
): Promise<void> {
  const startedAt = new Date().toISOString();
  try {
    const call = {
      workspace,
      workflow,
      input: failed as unknown as Json,
      key: `failure/${failed.run}`,
      by: `run:${failed.run}`,
      uses: 'failure',
    };
    const { workflowId, input } = await startInputFor(deps, call);
    await deps.temporal.workflow.start(workflowType(workflow), {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      searchAttributes: searchAttributesOf(input),
    });
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return;
    throw toFailure(thrown, { giveUpOn: [] }, { attempt: 1, startedAt, endedAt: new Date().toISOString() });
  }
}
