import { defaultPayloadConverter } from '@temporalio/common';
import { INDEPENDENT, type StartInput } from '../../workflows/contract.ts';
import type { Runs } from '../runs-port.ts';
import { ended, orNull } from './errors.ts';
import { call, type TemporalServer } from './server.ts';

/** Most called runs and chains of one run that are looked up. */
const MOST_CALLED = 10_000;
/** Most executions ended from outside that are looked up at a time. */
const MOST_ENDED = 1_000;

/** Whole executions on a Temporal server: ended from outside, found, and read. */
export function executions(
  server: TemporalServer,
): Pick<Runs, 'terminate' | 'endedFromOutside' | 'called' | 'startOf'> {
  return {
    terminate: (workflowId, reason) =>
      ended(call(server, () => server.client.workflow.getHandle(workflowId).terminate(reason))),
    endedFromOutside: (workspace, since) => call(server, () => endedFromOutside(server, workspace, since)),
    called: (workflowId) => call(server, () => called(server, workflowId)),
    startOf: (workflowId) => orNull(call(server, () => startOf(server, workflowId))),
  };
}

async function called({ client }: TemporalServer, workflowId: string): Promise<string[]> {
  const query = `ParentWorkflowId = ${quoted(workflowId)} AND ExecutionStatus = 'Running'`;
  const found: string[] = [];
  for await (const each of client.workflow.list({ query })) {
    if (each.memo?.[INDEPENDENT] !== true) found.push(each.workflowId);
    if (found.length >= MOST_CALLED) break;
  }
  return found;
}

/** An execution that ends by itself says so; one that is ended from outside cannot. */
async function endedFromOutside({ client }: TemporalServer, workspace: string, since: Date): Promise<string[]> {
  const ended = "(ExecutionStatus = 'Terminated' OR ExecutionStatus = 'TimedOut')";
  const query = `BlokWorkspace = ${quoted(workspace)} AND ${ended} AND CloseTime > '${since.toISOString()}'`;
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    found.push(workflowId);
    if (found.length >= MOST_ENDED) break;
  }
  return found;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;

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
