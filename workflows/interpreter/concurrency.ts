import { condition, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PlanConcurrency, RunError } from '../../graph/sandbox.ts';
import { SIGNAL_SLOT } from '../contract.ts';
import type { Driver } from './base/driver.ts';
import { callStore } from './base/internal-activities.ts';
import { recordOf } from './base/record.ts';
import { evaluationError, resolveAnywhere } from './steps/evaluate.ts';

/** Longest time between two requests for a place, in case the signal of a freed place is lost. */
const LONGEST_LOOK_MS = 30_000;

const slotFreed = defineSignal(SIGNAL_SLOT);

/** Why a run does not begin: it is cancelled, or it has failed. */
export type Refusal = { readonly cancelled: string } | { readonly failed: RunError };

/**
 * Waits for a place among the runs of this workflow, as the graph's `concurrency` says. A run that is dropped is
 * cancelled before its first step.
 *
 * @param goOn continues the wait in a new execution
 * @returns why the run may not go on, or null
 */
export async function takePlace(
  driver: Driver,
  isCancelled: () => boolean,
  goOn: () => Promise<void>,
): Promise<Refusal | null> {
  const { run, input } = driver;
  const { concurrency } = run.plan;
  if (!concurrency) return null;
  let freed = false;
  setHandler(slotFreed, () => {
    freed = true;
  });
  const { workspace, workflow, runId } = input;
  const key = await keyOf(driver, concurrency);
  if (typeof key !== 'string') return { failed: key };
  for (let look = 1_000, first = true; !isCancelled(); look = Math.min(LONGEST_LOOK_MS, look * 2), first = false) {
    const answer = await callStore('blokSlot', {
      workspace,
      workflow,
      runId,
      workflowId: driver.workflowId,
      key,
      limit: concurrency.limit,
      onLimit: concurrency.onLimit,
    });
    if (answer === 'taken') return null;
    if (answer === 'drop') return { cancelled: `Dropped: ${concurrency.limit} of ${workflow} are running already.` };
    if (first) {
      const since = new Date().toISOString();
      await callStore('blokWaits', {
        record: recordOf(driver, 'waiting', [{ step: '', kind: 'queue', until: null, since }]),
        opened: [],
      });
    }
    freed = false;
    await condition(() => freed || isCancelled(), look);
    if (workflowInfo().continueAsNewSuggested && !isCancelled()) await goOn();
  }
  return { cancelled: 'The run was cancelled while it waited for its turn.' };
}

/** The key of the runs that share the limit, or why the key cannot be computed. */
async function keyOf(driver: Driver, { key }: PlanConcurrency): Promise<string | RunError> {
  if (!key) return '';
  const { trigger, input, vars } = driver.run.facts;
  try {
    const value = await resolveAnywhere(driver, key, { trigger, input, vars }, 'concurrency.key');
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  } catch (thrown) {
    return { ...evaluationError(thrown), step: '', node: '', attempts: 0, unknown: false };
  }
}
