import { defaultPayloadConverter } from '@temporalio/common';
import { INDEPENDENT, type StartInput } from '../../workflows/contract.ts';
import type { Runs } from '../runs-port.ts';
import { ended, orNull } from './errors.ts';
import { call, type TemporalServer } from './server.ts';

/** Most called runs and chains of one run that are looked up. */
const MOST_CALLED = 10_000;

/** Whole executions on a Temporal server: ended from outside, found, and read. */
export function executions(server: TemporalServer): Pick<Runs, 'terminate' | 'called' | 'startOf'> {
  return {
    terminate: (workflowId, reason) =>
      ended(call(server, () => server.client.workflow.getHandle(workflowId).terminate(reason))),
    called: (workflowId) => call(server, () => called(server, workflowId)),
    startOf: (workflowId) => orNull(call(server, () => startOf(server, workflowId))),
  };
}

async function called({ client }: TemporalServer, workflowId: string): Promise<string[]> {
  const query = `ParentWorkflowId = '${workflowId.replaceAll("'", "\\'")}' AND ExecutionStatus = 'Running'`;
  const found: string[] = [];
  for await (const each of client.workflow.list({ query })) {
    if (each.memo?.[INDEPENDENT] !== true) found.push(each.workflowId);
    if (found.length >= MOST_CALLED) break;
  }
  return found;
}

/** The input of the run's newest execution. */
async function startOf({ client, options }: TemporalServer, workflowId: string): Promise<StartInput> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: options.namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const payload = history!.events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads![0]!;
  return defaultPayloadConverter.fromPayload<StartInput>(payload);
}
