import { FUEL_AT_ONCE, FUEL_PER_MS, LONGEST_REST_MS } from '../../limits.ts';
import type { Run, RunState } from '../state/state.ts';
import { follows } from '../state/versions.ts';

/** True once the run has computed as much as one activation may. */
export const isSpent = ({ state, limits }: Run): boolean => state.fuelUsed - state.fuelAtYield >= limits.yieldFuel;

/** True if consequences have to wait for the next slice. Runs of earlier versions carry all of them out at once. */
export const mustRest = (run: Run): boolean => follows(run, 'busyRunsListen') && isSpent(run);

/**
 * How long a run that yields rests, in milliseconds. What it may compute grows with time and is capped: short work is
 * not slowed down, and an endless loop leaves the thread to other runs and its history short.
 */
export function restBefore(run: Run): number {
  const { state, now } = run;
  if (!follows(run, 'busyRunsListen')) return 1;
  const { left, at, fuelUsed } = state.pace ?? { left: FUEL_AT_ONCE, at: now, fuelUsed: 0 };
  const gained = Math.min(FUEL_AT_ONCE, left + (now - at) * FUEL_PER_MS);
  state.pace = { left: gained - (state.fuelUsed - fuelUsed), at: now, fuelUsed: state.fuelUsed };
  return Math.min(LONGEST_REST_MS, Math.max(1, Math.ceil(-state.pace.left / FUEL_PER_MS)));
}

/** What a run has computed, and what it may compute next. */
export type Effort = Pick<RunState, 'fuelUsed' | 'fuelAtYield' | 'pace'>;

export const effortOf = ({ state: { fuelUsed, fuelAtYield, pace } }: Run): Effort => ({
  fuelUsed,
  fuelAtYield,
  ...(pace ? { pace } : {}),
});

/** Begins where an earlier part of the same work has ended. Parts in versions before 3 did not count together. */
export function addEffort(run: Run, effort: Effort): void {
  if (follows(run, 'busyRunsListen')) Object.assign(run.state, effort);
}
