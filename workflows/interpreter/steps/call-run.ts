import {
  CancellationScope,
  type ChildWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { childStarted, type EffectCall, type EffectOutcome, follows } from '../../../graph/sandbox.ts';
import type { PreparedRun } from '../../activities.ts';
import {
  type EffectResult,
  INDEPENDENT,
  priorityOf,
  type SentRequest,
  type StartInput,
  searchAttributesOf,
} from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';
import { recordSink } from '../base/internal-activities.ts';
import { slim } from '../base/payload.ts';
import { childOutcome } from './child.ts';
import { outcomeOfFailure } from './failure.ts';
import { cancelExternal } from './messages.ts';

type Interpret = (input: StartInput) => Promise<unknown>;
type Handle = ChildWorkflowHandle<Interpret>;
type Prepare = (request: SentRequest) => Promise<EffectResult>;

/**
 * Prepares the run that a `workflow.run` calls, begins it, and waits for it unless the step says otherwise. The called
 * run outlives this execution: Temporal abandons it, Blok cancels it explicitly, and after a continue-as-new an
 * activity awaits it.
 *
 * @param prepare the activity that prepares the called run
 */
export async function callRun(
  driver: Driver,
  call: EffectCall,
  request: SentRequest,
  prepare: Prepare,
): Promise<EffectOutcome | undefined> {
  if (follows(driver.run, 'calledRunsSeenThrough')) return callSeenThrough(driver, call, request, prepare);
  const result = await prepare(await slim(driver, request));
  const prepared = result.output as unknown as PreparedRun;
  const handle = await start(prepared, call);
  writeOpening(prepared, handle);
  if (!prepared.wait) return begunOnly(prepared, result);
  driver.children.set(call.path, prepared.workflowId);
  post(driver, () => void childStarted(driver.run, call.path, childOf(prepared)));
  return childOutcome(driver, call, () => handle.result());
}

/**
 * The step can be told to stop while the called run is being started, and a start cannot be taken back. So this run
 * neither ends nor continues as new before the called run has begun, and stops it if no step waits for it any more.
 */
async function callSeenThrough(
  driver: Driver,
  call: EffectCall,
  request: SentRequest,
  prepare: Prepare,
): Promise<EffectOutcome | undefined> {
  const result = await prepare(await slim(driver, request)).catch((thrown: unknown) => ({ thrown }));
  if ('thrown' in result) return notBegun(result.thrown, call);
  if (CancellationScope.current().consideredCancelled) return CANCELLED;
  const prepared = result.output as unknown as PreparedRun;
  driver.outbox++;
  const delivered = (settle?: () => void): void =>
    post(driver, () => {
      driver.outbox--;
      settle?.();
    });
  let handle: Handle;
  try {
    handle = await driver.scope.run(() => start(prepared, call));
  } catch (thrown) {
    delivered();
    return outcomeOfFailure(thrown, call);
  }
  writeOpening(prepared, handle);
  if (!prepared.wait) {
    delivered();
    return begunOnly(prepared, result);
  }
  delivered(() => {
    driver.children.set(call.path, prepared.workflowId);
    if (!childStarted(driver.run, call.path, childOf(prepared))) cancelExternal(driver, prepared.workflowId);
  });
  return childOutcome(driver, call, () => handle.result());
}

const start = (prepared: PreparedRun, call: EffectCall): Promise<Handle> =>
  startChild<Interpret>(prepared.workflowType, {
    workflowId: prepared.workflowId,
    args: [prepared.start],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    searchAttributes: searchAttributesOf(prepared.start),
    // Without a priority of its own, the called run has that of the calling one.
    ...(prepared.start.priority === undefined ? {} : { priority: priorityOf(prepared.start) }),
    // Whoever ends this run from outside (`activities/run/end-crashed.ts`) must leave such a run alone.
    ...(prepared.wait ? {} : { memo: { [INDEPENDENT]: true } }),
    ...(call.label ? { staticSummary: call.label.slice(0, 100) } : {}),
  });

/** Called only after the start, because a run that is in the index and never begins would be taken for lost. */
function writeOpening({ workflowId, start: { plan: _plan, ...start } }: PreparedRun, handle: Handle): void {
  recordSink.open({ workflowId, temporalRunId: handle.firstExecutionRunId, start });
}

const childOf = ({ workflowId, start: { runId } }: PreparedRun) => ({ workflowId, runId });

const begunOnly = ({ start: { runId } }: PreparedRun, { meta }: EffectResult): EffectOutcome => ({
  ok: true,
  output: { run: runId },
  meta,
});

const CANCELLED: EffectOutcome = {
  ok: false,
  cancelled: true,
  error: {
    code: 'cancelled',
    message: 'The step was cancelled before the run it calls had begun.',
    unknown: false,
    retryable: false,
  },
};

/** Preparing a run has no effect, so nothing is left unknown. */
function notBegun(thrown: unknown, call: EffectCall): EffectOutcome {
  if (isCancellation(thrown)) return CANCELLED;
  const outcome = outcomeOfFailure(thrown, call);
  return outcome.ok ? outcome : { ...outcome, error: { ...outcome.error, unknown: false } };
}
