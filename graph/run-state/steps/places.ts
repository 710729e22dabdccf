import { IN_FLIGHT_OF_QUEUE } from '../../limits.ts';
import type { Run } from '../state/state.ts';
import { follows } from '../state/versions.ts';

/** How many effects of a queue a run may have in flight; undefined: as many as of all others. */
export const limitOf = (run: Run, queue: string): number | undefined =>
  follows(run, 'fewScriptsInFlight') ? IN_FLIGHT_OF_QUEUE[queue] : undefined;

/** Whether a queue takes another effect of the run. */
export function hasPlace(run: Run, queue: string | undefined): boolean {
  const limit = queue === undefined ? undefined : limitOf(run, queue);
  return limit === undefined || (run.state.inFlightOf?.[queue!] ?? 0) < limit;
}
