import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { priorityOf, searchAttributesOf, workflowType } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import type { Prepared } from './prepare-run.ts';

/**
 * Starts a prepared run in Temporal. The id of its first execution. Empty, with nothing done, if an earlier attempt started the run and its answer was
 * lost.
 */
export async function begin(
  { temporal }: ActivityDeps,
  taskQueue: string,
  { workflowId, input }: Prepared,
): Promise<string> {
  try {
    const handle = await temporal.workflow.start(workflowType(input.workflow), {
      workflowId,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      searchAttributes: searchAttributesOf(input),
      priority: priorityOf(input),
    });
    return handle.firstExecutionRunId;
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return '';
    throw thrown;
  }
}
