import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';
import { isBusy } from '../../graph/sandbox.ts';
import type { Driver } from './base/driver.ts';

/** Once the server suggests continue-as-new, nothing new starts in this execution. */
export function heedSuggestion({ run }: Driver): void {
  if (workflowInfo().continueAsNewSuggested) run.state.draining = true;
}

/** True when the run should go on in a new execution, and nothing is in flight whose answer would be lost. */
export function canContinueAsNew(driver: Driver): boolean {
  if (!driver.run.state.draining || driver.inbox.length > 0) return false;
  if (isBusy(driver.run) || driver.beginning.size > 0 || driver.outbox > 0 || driver.writingWaits) return false;
  if (allHandlersFinished()) return true;
  // A handler wakes the run before the handler itself has ended, and nothing else might ever wake the run.
  condition(allHandlersFinished).then(() => driver.wake());
  return false;
}
