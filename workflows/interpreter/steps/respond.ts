import { seal } from '../../../graph/sandbox.ts';
import { claimOf } from '../../contract.ts';
import type { Driver } from '../base/driver.ts';
import { recordSink } from '../base/internal-activities.ts';
import { isHeard } from '../base/record.ts';

/**
 * Tells what a `respond` has answered while the run goes on. A run that moves to another worker tells it again, which
 * changes nothing. The closing record of a run that ends has the answer, too.
 */
export function tellResponse(driver: Driver): void {
  if (driver.responseTold || !isHeard(driver)) return;
  driver.responseTold = true;
  const { workspace, runId } = driver.input;
  recordSink.respond({ workspace, runId, response: seal(driver.run.state.response) }, claimOf(driver.input));
}
