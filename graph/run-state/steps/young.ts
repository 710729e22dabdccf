/**
 * Effects that began within the last second. A run may have only some in flight: a wide run of quick steps then begins as
 * many as end, instead of hundreds at once for which everybody else waits, and one of slow steps grows second by second.
 */
import type { Run } from '../state/state.ts';
import { clearTimer, setTimer } from './timers.ts';

/** How long an effect is young, in milliseconds. */
const YOUNG_MS = 1_000;

const TIMER = '~starts';

/** Notes that effects which began at a time are in flight, or no longer. */
export function countYoung(run: Run, since: number, change: 1 | -1): void {
  const { state, limits, now } = run;
  if (limits.young === Number.POSITIVE_INFINITY) return;
  const young = (state.young ?? []).filter(({ at, count }) => count > 0 && isYoung(at, now));
  const same = young.find(({ at }) => at === since);
  if (same) same.count += change;
  else if (change > 0) young.push({ at: since, count: 1 });
  state.young = young;
}

/** Whether another effect may begin now. */
export function mayBegin({ state, limits, now }: Run): boolean {
  let sum = 0;
  for (const { at, count } of state.young ?? []) if (isYoung(at, now)) sum += count;
  return sum < limits.young;
}

/** Asks for a timer that fires when the oldest of the young effects has aged, or takes that timer back. */
export function awaitAge(run: Run, isAwaited: boolean): void {
  const oldest = run.state.young?.find(({ at, count }) => count > 0 && isYoung(at, run.now));
  if (!isAwaited || !oldest) clearTimer(run, TIMER);
  else if (!Object.hasOwn(run.state.timers, TIMER)) setTimer(run, TIMER, oldest.at + YOUNG_MS, 'start more steps');
}

const isYoung = (at: number, now: number): boolean => at > now - YOUNG_MS;
