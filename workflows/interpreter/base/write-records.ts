import { forgetRecords, openWaits } from '../../../graph/sandbox.ts';
import type { Driver } from './driver.ts';
import { callStore } from './internal-activities.ts';
import { recordOf } from './record.ts';

/** Writes the records of the steps that have ended, and forgets them. */
export async function writeRecords(driver: Driver): Promise<void> {
  const { run, input } = driver;
  const steps = run.state.ended.filter(({ path }) => !run.paged || path !== run.rootKey);
  const written = run.state.ended.length;
  if (run.paged) await callStore('blokSteps', { workspace: input.workspace, runId: input.runId, steps });
  else await callStore('blokRecord', { ...recordOf(driver, 'running', openWaits(run)), steps });
  forgetRecords(run, written);
  driver.stepsDone += written;
}
