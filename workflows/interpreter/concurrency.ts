import { condition, continueAsNew, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import { type JsonObject, resolveTemplate } from '../../graph/sandbox.ts';
import { SIGNAL_SLOT, type StartInput } from '../contract.ts';
import type { Driver } from './driver.ts';
import { sure } from './internal.ts';
import { recordOf } from './record.ts';

/** Longest time between two looks, should the signal of a freed place be lost. */
const LONGEST_LOOK_MS = 30_000;

const slotFreed = defineSignal(SIGNAL_SLOT);

/**
 * Waits for a place among the runs of this workflow, as the graph's `concurrency` says. A run that is dropped is
 * cancelled before its first step.
 *
 * @returns why the run may not go on, or null
 */
export async function takePlace(driver: Driver, isCancelled: () => boolean): Promise<string | null> {
  const { run, input } = driver;
  const { concurrency } = run.plan;
  if (!concurrency) return null;
  let freed = false;
  setHandler(slotFreed, () => {
    freed = true;
  });
  const { workspace, workflow, runId } = input;
  const key = keyOf(driver);
  for (let look = 1_000, first = true; !isCancelled(); look = Math.min(LONGEST_LOOK_MS, look * 2), first = false) {
    const answer = await sure('blokSlot', {
      workspace,
      workflow,
      runId,
      workflowId: driver.workflowId,
      key,
      limit: concurrency.limit,
      onLimit: concurrency.onLimit,
    });
    if (answer === 'taken') return null;
    if (answer === 'drop') return `Dropped: ${concurrency.limit} of ${workflow} run already.`;
    if (first) {
      const since = new Date().toISOString();
      await sure('blokWaits', {
        record: recordOf(driver, 'waiting', [{ step: '', kind: 'queue', until: null, since }]),
        opened: [],
      });
    }
    freed = false;
    await condition(() => freed || isCancelled(), look);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<(input: StartInput) => Promise<unknown>>(input);
  }
  return 'The run was cancelled while it waited for its turn.';
}

function keyOf({ run }: Driver): string {
  const template = run.plan.concurrency?.key;
  if (!template) return '';
  const { trigger, input, vars } = run.facts;
  const value = resolveTemplate(template, { trigger, input, vars } as JsonObject, 'concurrency.key');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
