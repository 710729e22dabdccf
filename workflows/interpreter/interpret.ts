import { CancellationScope } from '@temporalio/workflow';
import { cancelRun, startRun, unpackPlan } from '../../graph/sandbox.ts';
import type { RunResult, StartInput } from '../contract.ts';
import type { Driver } from './base/driver.ts';
import { Scope } from './base/scope.ts';
import { carryOver, queueOn } from './carry-over.ts';
import { close, fail } from './close.ts';
import { listen } from './handlers.ts';
import { letGo, mustLetGo } from './let-go.ts';
import { drive } from './loop.ts';
import { asItCame, checked, isStored, loadStored, open } from './open.ts';
import { resumeAll } from './restore.ts';
import { takePlace } from './take-place.ts';

/** Runs a plan to its end. One Temporal workflow type per workflow slug is served by this function. */
export function interpret(given: StartInput): Promise<RunResult> {
  const input = checked(given);
  const handOver = listen(input.runId);
  const root = CancellationScope.current();
  // A cancelled scope would refuse records and undo, so from here on the reducer alone decides what is cancelled.
  return new Scope({ cancellable: false }).run(async () => {
    const { packed, ...rest } = isStored(input) ? await loadStored(input) : asItCame(input);
    const plan = unpackPlan(packed);
    const driver = open(input, plan, rest);
    handOver(driver);
    if (rest.snapshot && !rest.snapshot.queued) resumeAll(driver);
    else if (!(await begin(driver, () => root.consideredCancelled))) return close(driver);
    while ((await drive(driver)) === 'continue') await carryOver(driver);
    if (mustLetGo(driver)) await letGo();
    return close(driver);
  });
}

/**
 * Starts the run. If its graph limits how many run at a time, or begin within a time, the run waits for its place first.
 *
 * @returns false if the run failed before it began
 */
async function begin(driver: Driver, isCancelled: () => boolean): Promise<boolean> {
  const { run } = driver;
  const { concurrency, rateLimit } = run.plan;
  const how = { isCancelled, goOn: () => queueOn(driver) };
  const refused = concurrency || rateLimit ? await takePlace(driver, how) : null;
  if (refused && 'failed' in refused) {
    fail(run, refused.failed);
    return false;
  }
  startRun(run);
  if (refused) cancelRun(run, refused.cancelled);
  return true;
}
