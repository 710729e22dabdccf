import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { childStarted, type EffectCall, type EffectOutcome, Reference } from '../../../graph/sandbox.ts';
import type { PreparedRun } from '../../activities.ts';
import { type EffectResult, type RunResult, searchAttributesOf } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';
import { longActivities } from '../base/internal-activities.ts';
import { load } from '../base/stored.ts';
import { outcomeOfFailure } from './failure.ts';

/**
 * Begins the run that a `workflow.run` prepared, and waits for it unless it should not. The child outlives this
 * execution: it is abandoned by Temporal's rules, cancelled explicitly, and awaited by an activity after a
 * continue-as-new.
 */
export async function runChild(
  driver: Driver,
  call: EffectCall,
  result: EffectResult,
): Promise<EffectOutcome | undefined> {
  const prepared = (result.ref
    ? await load(driver.input.workspace, result.ref)
    : result.output) as unknown as PreparedRun;
  const handle = await startChild(prepared.workflowType, {
    workflowId: prepared.workflowId,
    args: [prepared.start],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    searchAttributes: searchAttributesOf(prepared.start),
    ...(call.label ? { staticSummary: call.label.slice(0, 100) } : {}),
  });
  const { runId } = prepared.start;
  if (!prepared.wait) return { ok: true, output: { run: runId }, meta: result.meta };
  driver.children.set(call.path, prepared.workflowId);
  post(driver, () => childStarted(driver.run, call.path, { workflowId: prepared.workflowId, runId }));
  return childOutcome(driver, call, () => handle.result() as Promise<unknown>);
}

/** Waits again for a run begun by an earlier execution of this one. */
export function awaitChild(driver: Driver, call: EffectCall, workflowId: string): Promise<EffectOutcome | undefined> {
  driver.children.set(call.path, workflowId);
  return childOutcome(driver, call, () => longActivities.blokAwait({ workflowId }));
}

async function childOutcome(
  driver: Driver,
  call: EffectCall,
  result: () => Promise<unknown>,
): Promise<EffectOutcome | undefined> {
  try {
    const ended = (await result()) as RunResult;
    return { ok: true, output: ended.outputRef ? new Reference({ ...ended.outputRef }) : ended.output };
  } catch (thrown) {
    return childFailure(thrown, call);
  } finally {
    driver.children.delete(call.path);
  }
}

/** The called run's own error. */
function childFailure(thrown: unknown, call: EffectCall): EffectOutcome {
  const cause = thrown instanceof ChildWorkflowFailure || thrown instanceof ActivityFailure ? thrown.cause : thrown;
  const ended = cause instanceof ApplicationFailure ? (cause.details?.[0] as RunResult | undefined) : undefined;
  if (ended?.error) {
    const { code, message, unknown, details } = ended.error;
    const error = { code, message, unknown, retryable: false, ...(details === undefined ? {} : { details }) };
    return { ok: false, error };
  }
  if (isCancellation(thrown))
    return {
      ok: false,
      error: { code: 'cancelled', message: 'The called run was cancelled.', unknown: true, retryable: false },
    };
  return outcomeOfFailure(thrown, call);
}
