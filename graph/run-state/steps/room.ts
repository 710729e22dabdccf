/**
 * How many effects of a run may be in flight. A wide run begins with a few: with hundreds at once everybody else would wait
 * for it. Quick ones go on as fast as they end. While all places are taken, the run gets as many more each second as effects
 * have taken a second; once only a few are in flight, it begins anew. Effects that took less than a second once they had begun
 * are taken off: where others end quickly, those in flight are not slow, they wait because everybody is busy.
 *
 * Only a timer makes room, and an effect that ends. What the clock says when an effect ends may differ when a history is
 * replayed, because local activities then end together.
 */
import type { Run } from '../state/state.ts';
import type { EffectState } from '../state/step.ts';
import type { EffectTimes } from '../state/types.ts';
import { setTimer } from './timers.ts';

/** How long all places have to be taken, and how long an effect has to take to be slow, in milliseconds. */
const SLOW_MS = 1_000;

/** Key of the timer. */
export const ROOM_TIMER = '~room';

/** Whether the room of a run grows: in earlier versions, all that the run may have is there at once. */
const isSmall = ({ limits }: Run): boolean => limits.atFirst < limits.inFlight;

/** Notes that an effect has come into flight, or left it. */
export function countRoom(run: Run, effect: EffectState, change: 1 | -1): void {
  if (!isSmall(run)) return;
  const { state, limits } = run;
  state.room ??= { most: limits.atFirst, cohort: 0, fresh: 0, full: 0, quick: 0 };
  const { room } = state;
  if (change === 1) effect.cohort = room.cohort;
  if (effect.cohort === room.cohort) room.fresh += change;
  else if (effect.cohort === room.cohort - 1 && isTimed(run)) room.full += change;
  if (state.inFlight < limits.atFirst) room.most = limits.atFirst;
}

/** Notes how long an effect took that has ended: what its worker says, whatever the time is when the run hears of it. */
export function noteEnd({ state: { room } }: Run, times: EffectTimes | undefined): void {
  if (room && times && Date.parse(times.endedAt) - Date.parse(times.startedAt) < SLOW_MS) room.quick++;
}

/** Whether a place is free. */
export const hasFreePlace = ({ state: { inFlight, room }, limits }: Run): boolean =>
  inFlight < (room?.most ?? limits.inFlight);

/** Waits until there is more room, if all places are taken. */
export function awaitRoom(run: Run): void {
  const { state, limits, now } = run;
  if (!state.room || hasFreePlace(run) || state.room.most >= limits.inFlight || isTimed(run)) return;
  setTimer(run, ROOM_TIMER, now + SLOW_MS, 'begin more steps');
  const { most, cohort, fresh } = state.room;
  state.room = { most, cohort: cohort + 1, fresh: 0, full: fresh, quick: 0 };
}

/** The timer has fired: what began before it, and has not ended, has taken a second or waited for its turn. */
export function grow({ state: { room }, limits }: Run): void {
  if (!room) return;
  const slow = Math.max(0, Math.min(room.full - room.quick, limits.atFirst));
  room.most = Math.min(limits.inFlight, room.most + slow);
  room.full = 0;
}

const isTimed = ({ state }: Run): boolean => Object.hasOwn(state.timers, ROOM_TIMER);
