import { pauseRun, resumeRun } from '../../../graph/sandbox.ts';
import type { PauseMessage } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';
import { pauseExternal } from './messages.ts';

/** Pauses a run, or lets it go on, and with it the child workflows of its long loops. */
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

/** What its chains are told: whether it is paused, by the latest word on it. */
export function pauseOf(driver: Driver): PauseMessage {
  return { paused: driver.run.state.paused, count: driver.pauses };
}

/** Tells chains whether they are paused now. */
export function tellChains(driver: Driver, workflowIds: readonly string[]): void {
  for (const workflowId of workflowIds) pauseExternal(driver, workflowId, pauseOf(driver));
}
