import { settleEffect, timerFired } from '../../graph/sandbox.ts';
import { type Driver, post } from './base/driver.ts';
import { resumeEach } from './steps/chains.ts';
import { awaitChild } from './steps/child.ts';
import { startTimer } from './steps/commands.ts';

/**
 * After continue-as-new: starts the timers of all deadlines again, and waits for the children that are still running.
 */
export function resumeAll(driver: Driver): void {
  const { run } = driver;
  for (const [key, at] of Object.entries(run.state.timers)) {
    // A server timer takes up to a second, however short it is, and this execution may not last that long.
    if (at <= run.now) post(driver, () => timerFired(run, key));
    else startTimer(driver, key, at, key);
  }
  for (const frame of Object.values(run.state.frames)) {
    for (const step of frame.steps) {
      const child = step?.effect?.child;
      if (!step || !child) continue;
      const call = step.effect!.request;
      awaitChild(driver, call, child.workflowId).then((outcome) => {
        if (outcome) post(driver, () => settleEffect(run, call.path, outcome));
      });
    }
  }
  for (const path of driver.chains.keys()) {
    const place = run.places.get(path);
    const loop = place && run.state.frames[place.frame]?.steps[place.node]?.container?.loop;
    resumeEach(driver, path, [], loop?.continueOnError ?? false);
  }
}
