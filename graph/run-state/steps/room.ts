/**
 * How many effects of a run may be in flight. A wide run begins with a few places: with hundreds at once everybody else would
 * wait for it. Quick effects go on as fast as they end. While all places are taken by slow ones, there are more places each
 * second; once few effects are in flight, the run has its first places again.
 *
 * Only a timer makes room, and an effect that ends. What the clock says when an effect ends may differ when a history is
 * replayed, because local activities then end together.
 */
import type { Run } from '../state/state.ts';
import type { EffectState } from '../state/step.ts';
import type { EffectTimes } from '../state/types.ts';
import { setTimer } from './timers.ts';

/** How often there is more room, and how long an effect has to take to be slow, in milliseconds. */
const SLOW_MS = 1_000;

/** Key of the timer. */
export const ROOM_TIMER = '~room';

/** In earlier versions, all places are there at once. */
const grows = ({ limits }: Run): boolean => limits.atFirst < limits.inFlight;

/** Notes that an effect has come into flight, or left it. */
export function countRoom(run: Run, effect: EffectState, change: 1 | -1): void {
  if (!grows(run)) return;
  run.state.room ??= { most: run.limits.atFirst, cohort: 0, fresh: 0, quick: 0 };
  const { room } = run.state;
  if (change === 1) effect.cohort = room.cohort;
  if (effect.cohort === room.cohort) room.fresh += change;
}

/** Notes how long an effect took that has succeeded: what its worker says, whatever the time is when the run hears of it. */
export function noteEnd({ state: { room } }: Run, times: EffectTimes | undefined): void {
  if (room && times && Date.parse(times.endedAt) - Date.parse(times.startedAt) < SLOW_MS) room.quick++;
}

/** Whether a place is free. */
export const hasFreePlace = ({ state: { inFlight, room }, limits }: Run): boolean =>
  inFlight < (room?.most ?? limits.inFlight);

/** Once nothing more can begin: begins to wait for more room if all places are taken, or gives back what few effects leave. */
export function awaitRoom(run: Run): void {
  const { state, limits, now } = run;
  if (!state.room) return;
  if (state.inFlight < limits.atFirst) state.room.most = limits.atFirst;
  const isFull = !hasFreePlace(run) && state.room.most < limits.inFlight;
  if (!isFull || Object.hasOwn(state.timers, ROOM_TIMER)) return;
  setTimer(run, ROOM_TIMER, now + SLOW_MS, 'begin more steps');
  state.room = { most: state.room.most, cohort: state.room.cohort + 1, fresh: 0, quick: 0 };
}

/**
 * The timer has fired. Effects that began before it have taken a second, or have waited for a second. Where others end
 * quickly, they wait: everybody is busy, and more room would only make everybody busier.
 */
export function makeRoom({ state: { room, inFlight }, limits }: Run): void {
  if (!room) return;
  const slow = Math.min(inFlight - room.fresh, limits.atFirst) - room.quick;
  room.most = Math.min(limits.inFlight, room.most + Math.max(0, slow));
}
