import { getExternalWorkflowHandle } from '@temporalio/workflow';

/** Cancels a workflow this run started: such workflows are abandoned by Temporal's rules and stopped by ours. */
export function cancelExternal(workflowId: string): void {
  getExternalWorkflowHandle(workflowId)
    .cancel()
    .catch(() => undefined); // It has ended already.
}
