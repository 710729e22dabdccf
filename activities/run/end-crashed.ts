/** Ends a run from outside, because running its own code ends the worker. */
import { defaultPayloadConverter } from '@temporalio/common';
import { closeRun, type Tenant, withWorkspace } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { PackedPlan } from '../../graph/plan/pack.ts';
import type { RunError } from '../../graph/run-state/index.ts';
import { sandboxDigest } from '../../graph/sandbox.ts';
import { type BlobRef, claimOf, RUN_CRASHED, type StartInput } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { loadJson } from '../store/stored.ts';
import { cancelCalled } from './cancel-called.ts';
import { startOnFailure } from './on-failure.ts';
import { leaveLine } from './slot.ts';

/** A run that keeps crashing workers. */
export interface CrashedRun {
  /** Of the run, or of a chain of it: the run is ended as a whole. */
  readonly workflowId: string;
  /** What happened the last time. */
  readonly why: string;
}

/**
 * Terminates the run in Temporal, cancels the runs and the chains that it waits for, writes its closing record, and
 * starts the workflow named by its `onFailure`. What the run has done is not undone: that would take its own code.
 *
 * @throws Error if Temporal does not answer; then nothing has happened, and the call can be repeated
 */
export async function endCrashed(deps: ActivityDeps, crashed: CrashedRun): Promise<void> {
  const begun = await startOf(deps, crashed.workflowId);
  const { workflowId, input } = isChain(begun.input)
    ? { workflowId: begun.input.workflowId, input: (await startOf(deps, begun.input.workflowId)).input as StartInput }
    : { workflowId: crashed.workflowId, input: begun.input };
  const error = errorOf(crashed);
  const handle = deps.temporal.workflow.getHandle(workflowId);
  if ((await handle.describe()).status.name !== 'RUNNING') return;
  await handle.terminate(`${RUN_CRASHED}: ${error.message}`);
  deps.log.warn(
    { workspace: input.workspace, run: input.runId, reason: crashed.why },
    'ended a run that crashed workers',
  );
  const rest = [closeRecord(deps, input, error), startHandler(deps, { input, error, taskQueue: begun.taskQueue })];
  await Promise.all([cancelCalled(deps, workflowId), ...(isGenuine(deps, workflowId, input) ? rest : [])]);
}

/** Whether Blok made this start: nobody else's names a workspace in which to write a record or to start a workflow. */
function isGenuine({ signer }: ActivityDeps, workflowId: string, input: StartInput): boolean {
  const claim = claimOf(input);
  return claim?.proof.digest === sandboxDigest(input, workflowId) && signer.verify(claim, workflowId);
}

const errorOf = ({ why }: CrashedRun): RunError => ({
  code: RUN_CRASHED,
  message: `Working on this run crashed the worker again and again, so the run was ended. The last time: ${why}`,
  step: '',
  node: '',
  attempts: 0,
  unknown: true,
});

/** What the start of a chain says of its run (`workflows/chain-contract.ts`). */
interface ChainStart {
  readonly parent: StartInput;
  readonly workflowId: string;
}

const isChain = (input: StartInput | ChainStart): input is ChainStart => 'parent' in input;

/** The input of a workflow's newest execution. It is read from Temporal, so that no worker has to keep it. */
async function startOf(
  { temporal }: ActivityDeps,
  workflowId: string,
): Promise<{ input: StartInput | ChainStart; taskQueue: string }> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: temporal.options.namespace,
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const payload = started?.input?.payloads?.[0];
  if (!payload) throw new Error(`Temporal has no start of ${workflowId}.`);
  return { input: defaultPayloadConverter.fromPayload(payload), taskQueue: started.taskQueue?.name ?? '' };
}

/** If it cannot be written now, the reconciler writes it: the reason of the termination tells it how the run ended. */
async function closeRecord(deps: ActivityDeps, { workspace, runId }: StartInput, error: RunError): Promise<void> {
  const end = { runId, status: 'failed', output: null, error, endedAt: new Date().toISOString() } as const;
  try {
    const close = async (tx: Tenant) => {
      await closeRun(tx, end);
      return leaveLine(deps, tx, { runId });
    };
    const tellNext = await withWorkspace(deps.database, workspace, close, { rebuildable: true });
    await tellNext();
  } catch (thrown) {
    deps.log.warn({ workspace, run: runId, reason: (thrown as Error).message }, 'closing record given up for now');
  }
}

async function startHandler(
  deps: ActivityDeps,
  { input, error, taskQueue }: { input: StartInput; error: RunError; taskQueue: string },
): Promise<void> {
  const { workspace, workflow, runId, plan, planByReference, depth } = input;
  const failed = {
    workflow,
    run: runId,
    status: 'failed',
    error: error as unknown as Json,
    input: input.inputByReference ? null : (input.input as Json),
  };
  try {
    const packed = planByReference ? await loadJson(deps, workspace, (plan as { blob: BlobRef }).blob.sha256) : plan;
    const { onFailure } = packed as PackedPlan;
    if (onFailure)
      await startOnFailure(deps, { workspace, workflow: onFailure, failed, ...(depth ? { depth } : {}) }, taskQueue);
  } catch {
    // What starts the workflow has said so in the log.
  }
}
