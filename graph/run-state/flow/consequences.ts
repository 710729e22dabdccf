import { undoFrame } from '../bodies/closing.ts';
import { containerUndone } from '../bodies/container.ts';
import { closeLoop, itemFailed } from '../bodies/loops.ts';
import { closeRace } from '../bodies/race.ts';
import { attemptDue, closeAttempt } from '../bodies/try.ts';
import { undoStepEnded } from '../effects/undo.ts';
import { containerOf, frameAt, nodeOf, stepOf } from '../state/frames.ts';
import type { Consequence, Run } from '../state/state.ts';
import type { Closing, Place } from '../state/step.ts';
import { follows } from '../state/versions.ts';
import { mustRest } from '../steps/slice.ts';
import { failure } from '../values/errors.ts';
import { forgetEvaluations } from '../values/resolve.ts';
import { endWait } from '../waits/waits.ts';
import { afterStep } from './after-step.ts';
import { finishFrame, frameClosed } from './finish-frame.ts';

/** Carries out the consequences of what has just happened, in order, until none is left or the run has to rest. */
export function carryOn(run: Run): void {
  while (run.todo.length > 0 && !mustRest(run)) carryOutOne(run, run.todo.shift()!);
}

/** The container's own timeout has expired: it fails with `timeout`, which links from it may handle. */
export function containerDue(run: Run, place: Place): void {
  const { container, path } = stepOf(run, place);
  if (!container || container.closing || container.failing) return;
  const { id } = nodeOf(run, place);
  const error = failure('timeout', `${id} took longer than its timeout.`, path, id);
  const closing: Closing = { reason: 'timeout', error };
  if (container.attempt) return attemptDue(run, place, closing);
  if (container.race) return closeRace(run, place, closing);
  forgetEvaluations(run, place);
  container.failing = error;
  closeLoop(run, place, closing);
}

function carryOutOne(run: Run, next: Consequence): void {
  switch (next.then) {
    case 'stepEnded':
      return afterStep(run, next.place);
    case 'bodyDone':
      return finishFrame(run, next.frame);
    case 'stopped':
      return undoFrame(run, next.frame);
    case 'itemFailed':
      return itemFailed(run, next.place, next.error);
    case 'undone':
      if (next.holder.node < 0) frameClosed(run, frameAt(run, next.holder.frame));
      else containerUndone(run, next.holder);
      return;
    case 'undoStepEnded':
      return undoStepEnded(run, next.step);
    case 'closeContainer':
      return closeContainer(run, next.place, next.closing);
    case 'failWait':
      return endWait(run, next.place, { status: 'failed', error: next.error });
  }
}

/** Stops a container because a body around it closes. An undo that is already running goes on. */
function closeContainer(run: Run, place: Place, closing: Closing): void {
  const container = containerOf(run, place);
  container.closing = closing;
  forgetEvaluations(run, place);
  if (container.failing || container.undoing) return;
  const { reason, error } = closing;
  const inner: Closing = {
    ...(reason === 'stopped' || reason === 'timeout'
      ? { reason, error }
      : { reason: 'cancelled', error: { ...error, code: 'cancelled' } }),
    // A body with a `finally` is undone before that `finally` runs, as when the body fails by itself.
    ...(follows(run, 'undoneTogether') && !nodeOf(run, place).finally ? { handsOn: true } : {}),
  };
  if (container.loop) closeLoop(run, place, inner);
  else if (container.attempt) closeAttempt(run, place, inner);
  else closeRace(run, place, inner);
}
