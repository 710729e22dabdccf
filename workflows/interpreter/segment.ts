import { allHandlersFinished, workflowInfo } from '@temporalio/workflow';
import { isBusy } from '../../graph/sandbox.ts';
import type { Driver } from './driver.ts';

/**
 * True when the run should go on in a new execution, and can: the server suggested it and nothing is in flight whose
 * answer would be lost. Until then nothing new starts.
 */
export function shouldContinueAsNew(driver: Driver): boolean {
  const { state } = driver.run;
  if (!state.draining && !workflowInfo().continueAsNewSuggested) return false;
  state.draining = true;
  const free = !isBusy(driver.run) && driver.beginning.size === 0 && !driver.writingWaits;
  return free && allHandlersFinished() && driver.inbox.length === 0;
}
