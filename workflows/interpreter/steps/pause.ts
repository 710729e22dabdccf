import { pauseRun, resumeRun } from '../../../graph/sandbox.ts';
import type { PauseMessage } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';
import { pauseExternal } from './messages.ts';

/** Pauses or resumes a run, together with the child workflows of its long loops. */
export function setPaused(driver: Driver, paused: boolean): void {
  const { run } = driver;
  if (run.state.paused !== paused) driver.pauses++;
  run.now = Date.now();
  if (paused) pauseRun(run);
  else resumeRun(run);
  tellChains(
    driver,
    [...driver.chains.values()].flatMap(({ workflowIds }) => workflowIds),
  );
  post(driver, () => undefined);
}

/** The message to the chains of a run: whether the run is paused now, and the number of this message. */
export function pauseOf(driver: Driver): PauseMessage {
  return { paused: driver.run.state.paused, count: driver.pauses };
}

/** Tells chains whether they are paused now. */
export function tellChains(driver: Driver, workflowIds: readonly string[]): void {
  for (const workflowId of workflowIds) pauseExternal(driver, workflowId, pauseOf(driver));
}
