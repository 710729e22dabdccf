import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, isCancellation } from '@temporalio/workflow';
import { type EffectCall, type EffectOutcome, Reference } from '../../../graph/sandbox.ts';
import type { RunResult } from '../../contract.ts';
import type { Driver } from '../base/driver.ts';
import { longActivities } from '../base/internal-activities.ts';
import { outcomeOfFailure } from './failure.ts';

/** Waits again for a run that an earlier execution of this run began. */
export function awaitChild(driver: Driver, call: EffectCall, workflowId: string): Promise<EffectOutcome | undefined> {
  driver.children.set(call.path, workflowId);
  return childOutcome(driver, call, () => longActivities.blokAwait({ workflowId }));
}

/** The outcome of a called run, for the step that waits for it. */
export async function childOutcome(
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
