import type { Json } from '../json.ts';
import { closeFrame } from './bodies/closing.ts';
import { chainEnded, type EachResult } from './bodies/loops.ts';
import { childDue, type EffectOutcome, effectEnded, retryNow } from './effects/effects.ts';
import { undoNext } from './effects/undo.ts';
import { begin } from './flow/begin.ts';
import { carryOn, containerDue } from './flow/consequences.ts';
import { frameAt, isActive, later, nodeOf, stepOf } from './state/frames.ts';
import type { KeptEvent, Run, Visible } from './state/state.ts';
import type { StepRecord } from './state/types.ts';
import { follows } from './state/versions.ts';
import { openFrame } from './steps/open-frame.ts';
import { canStart, holdWaiting, queue, takeReady } from './steps/queue.ts';
import { recordOf, sideRecordOf } from './steps/records.ts';
import { makeRoom, ROOM_TIMER } from './steps/room.ts';
import { isSpent } from './steps/slice.ts';
import { setTimer } from './steps/timers.ts';
import { failure } from './values/errors.ts';
import { nothingVisible } from './values/scope.ts';
import { receiveEvent } from './waits/events.ts';
import { endWait, waitDue } from './waits/waits.ts';

export type { EachResult } from './bodies/loops.ts';
export { childStarted } from './effects/effects.ts';

const GRAPH_TIMER = '~graph';

/** Begins the run: nodes that need nothing become ready. */
export function startRun(run: Run, visible: Visible = nothingVisible()): void {
  const { timeoutMs } = run.plan;
  if (timeoutMs !== undefined && !run.paged) setTimer(run, GRAPH_TIMER, run.now + timeoutMs, 'timeout of the run');
  openFrame(run, { key: run.rootKey, part: 'root', owner: null, visible });
  carryOn(run);
}

/**
 * Starts ready steps until none is left or a limit is reached.
 *
 * @returns `yield` if the driver must let other work run before it calls again, else `idle`
 */
export function pump(run: Run): 'idle' | 'yield' {
  const { state, limits } = run;
  let started = 0;
  while (!hasEnded(run) && (run.todo.length > 0 || mayStart(run))) {
    if (started >= limits.startsPerPump) return 'yield';
    // One message to the server carries the commands of several calls, so bytes are counted from yield to yield.
    if (run.commandBytes >= limits.yieldBytes) {
      run.commandBytes = 0;
      return 'yield';
    }
    if (isSpent(run)) {
      state.fuelAtYield = state.fuelUsed;
      return 'yield';
    }
    if (run.todo.length > 0) {
      carryOn(run);
      continue;
    }
    const entry = takeReady(run)!;
    const before = run.commands.length;
    if (entry.undo) undoNext(run, entry);
    else begin(run, entry);
    carryOn(run);
    if (run.commands.length > before) started++;
  }
  holdWaiting(run);
  return 'idle';
}

const mayStart = (run: Run): boolean => !run.state.paused && !run.state.draining && canStart(run);

/** True once the run has its outcome. */
export const hasEnded = (run: Run): boolean => frameAt(run, run.rootKey)?.phase === 'ended';

/** True while an activity is running whose answer the run needs. */
export const isBusy = (run: Run): boolean => run.state.inFlight > 0 || Object.keys(run.state.evaluations).length > 0;

/** An effect's activity has ended. */
export function settleEffect(run: Run, path: string, outcome: EffectOutcome): void {
  effectEnded(run, path, outcome);
  carryOn(run);
}

/** A value asked for by an `evaluate` command has arrived, or could not be computed: the step or frame goes on. */
export function settleEvaluation(
  run: Run,
  path: string,
  result: { ok: true; value: unknown } | { ok: false; code: string; message: string },
): void {
  const asker = run.state.evaluations[path];
  if (!asker) return;
  delete run.state.evaluations[path];
  const holder = asker.node < 0 ? frameAt(run, asker.frame) : stepOf(run, asker);
  const come = result.ok ? { value: result.value } : { error: { code: result.code, message: result.message } };
  holder.evaluated = { ...holder.evaluated, [asker.key]: come };
  if (asker.node < 0) later(run, { then: 'bodyDone', frame: asker.frame });
  else queue(run, asker);
  carryOn(run);
}

/** A forEach run by child workflows has ended. */
export function settleEach(run: Run, path: string, result: EachResult): void {
  const place = run.places.get(path);
  if (!place) return;
  chainEnded(run, place, result);
  carryOn(run);
}

/**
 * A timer has fired. While the run is paused, all timers are put off until it resumes; while it drains, retries are put
 * off until it goes on in a new execution.
 */
export function timerFired(run: Run, key: string): void {
  const { state } = run;
  if (!Object.hasOwn(state.timers, key)) return;
  const cut = key.lastIndexOf('~');
  const [path, which] = [key.slice(0, cut), key.slice(cut + 1)];
  if (state.paused || (state.draining && which === 'retry')) {
    if (!state.due.includes(key)) state.due.push(key);
    return;
  }
  delete state.timers[key];
  const place = run.places.get(path);
  const step = place && stepOf(run, place);
  if (key === ROOM_TIMER) makeRoom(run);
  else if (key === GRAPH_TIMER) closeRun(run, 'timeout', "The run took longer than its graph's timeout.");
  else if (which === 'retry') retryNow(run, path);
  else if (step?.container) containerDue(run, place!);
  else if (step?.effect) childDue(run, step);
  else if (step) waitDue(run, place!, which);
  carryOn(run);
}

/**
 * Ends what is overdue, the longest overdue first. Timers tell late when a server or a worker is busy, and pure work
 * must not succeed after its deadline.
 */
export function endOverdue(run: Run): void {
  const { timers, paused } = run.state;
  if (paused) return;
  const overdue = Object.entries(timers).filter(([key, at]) => at <= run.now && isDeadline(key));
  for (const [key] of overdue.sort(([, a], [, b]) => a - b)) {
    if (!Object.hasOwn(timers, key)) continue;
    run.commands.push({ do: 'clearTimer', key });
    timerFired(run, key);
  }
}

const isDeadline = (key: string): boolean => key === GRAPH_TIMER || key.endsWith('~timeout');

/** An event has arrived, sent to this run or matched by the wait index. False: it arrived before, or too late. */
export function receive(run: Run, event: KeptEvent): boolean {
  const fresh = !hasEnded(run) && receiveEvent(run, event);
  carryOn(run);
  return fresh;
}

/** Decides an approval. False: that step does not wait for a decision. */
export function decide(
  run: Run,
  path: string,
  decision: { decision: 'approved' | 'rejected'; by: string; comment: string | null; values: Json; at: string },
): boolean {
  const place = run.places.get(path);
  if (!place || stepOf(run, place).wait?.kind !== 'approval') return false;
  endWait(run, place, { status: 'succeeded', output: decision, port: decision.decision });
  carryOn(run);
  return true;
}

/** Ends the event wait of one step, whatever its key. False: that step does not wait for an event. */
export function answerWait(run: Run, path: string, event: Omit<KeptEvent, 'told'>): boolean {
  const place = run.places.get(path);
  if (!place || stepOf(run, place).wait?.kind !== 'event') return false;
  endWait(run, place, { status: 'succeeded', output: event });
  carryOn(run);
  return true;
}

/** Cancels the run, paused or not: inner bodies close first, `finally` and undo run. A second call changes nothing. */
export function cancelRun(run: Run, reason: string): void {
  if (hasEnded(run)) return;
  run.state.cancelled = true;
  if (!isFailingPart(run)) closeRun(run, 'cancelled', reason);
  carryOn(run);
  resumeRun(run);
}

/** True for a part of a long loop in which an item has failed: it is closing already, and its failure is the loop's. */
function isFailingPart(run: Run): boolean {
  if (!run.paged || !follows(run, 'firstFailureStays')) return false;
  return frameAt(run, run.rootKey).steps.some((step) => step?.container?.failing !== undefined);
}

/** Stops starting steps; effects in flight finish and deadlines keep running. A cancelled run is not paused. */
export function pauseRun(run: Run): void {
  run.state.paused = !(run.state.cancelled && follows(run, 'cancelOutlastsPause'));
}

/** Goes on after a pause; waits that expired during the pause end now. */
export function resumeRun(run: Run): void {
  run.state.paused = false;
  for (const key of run.state.due.splice(0)) timerFired(run, key);
}

/** Running and waiting steps, as the live view shows them. */
export function openSteps(run: Run): StepRecord[] {
  const open: StepRecord[] = [];
  for (const place of run.places.values()) {
    const step = stepOf(run, place);
    if (isActive(step)) open.push(recordOf(step, nodeOf(run, place)));
  }
  for (const step of Object.values(run.state.side)) open.push(sideRecordOf(step));
  return open;
}

function closeRun(run: Run, reason: 'cancelled' | 'timeout', message: string): void {
  closeFrame(run, frameAt(run, run.rootKey), { reason, error: failure(reason, message, '', '') });
}
