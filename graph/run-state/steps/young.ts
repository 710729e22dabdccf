/**
 * Effects that began lately. Only some may be in flight: a wide run of quick steps then begins as many as end, instead of
 * hundreds at once for which everybody else waits, and one of slow steps grows second by second.
 *
 * Effects belong to the cohort in which they began. When some have to wait, a timer begins, and with it a new cohort; when it
 * fires, all earlier cohorts count as young no more. Only the timer decides: what the clock says when an effect ends may
 * differ when a history is replayed, because local activities then end together.
 */
import type { Run } from '../state/state.ts';
import type { EffectState } from '../state/step.ts';
import { setTimer } from './timers.ts';

/** How long effects wait for earlier ones to grow old, in milliseconds. */
const AGEING_MS = 1_000;

/** Key of the timer. */
export const AGEING_TIMER = '~starts';

/** Notes that an effect is in flight, or no longer. */
export function countYoung(run: Run, effect: EffectState, change: 1 | -1): void {
  if (run.limits.young === Number.POSITIVE_INFINITY) return;
  run.state.young ??= { cohort: 0, ageing: 0, fresh: 0 };
  const { young } = run.state;
  if (change === 1) effect.cohort = young.cohort;
  if (effect.cohort === young.cohort) young.fresh += change;
  else if (effect.cohort === young.cohort - 1 && isAgeing(run)) young.ageing += change;
}

/** Whether another effect may begin now. */
export const mayBegin = ({ state: { young }, limits }: Run): boolean =>
  young === undefined || young.ageing + young.fresh < limits.young;

/** Lets what has begun grow old, if effects wait for that. */
export function awaitAge(run: Run): void {
  const { young } = run.state;
  if (!young || isAgeing(run)) return;
  setTimer(run, AGEING_TIMER, run.now + AGEING_MS, 'start more steps');
  run.state.young = { cohort: young.cohort + 1, ageing: young.fresh, fresh: 0 };
}

/** The timer has fired: what began before it is old. */
export function growOld({ state: { young } }: Run): void {
  if (young) young.ageing = 0;
}

const isAgeing = ({ state }: Run): boolean => Object.hasOwn(state.timers, AGEING_TIMER);
