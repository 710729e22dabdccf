import { forgetFlight } from '../effects/launch.ts';
import { forgetUndo, startUndo } from '../effects/undo.ts';
import { bodyOf, containerOf, frameAt, isActive, later, stepAt } from '../state/frames.ts';
import { branchOf } from '../state/links.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Closing, Place, Step, UndoEntry } from '../state/step.ts';
import { dropReady } from '../steps/queue.ts';
import { settle } from '../steps/settle.ts';
import { forgetEvaluations } from '../values/resolve.ts';
import { endWait } from '../waits/waits.ts';

/**
 * Closes a body early: nothing new starts, waits end, effects are asked to stop (the outcome of effects with
 * `compensate` is awaited), inner bodies close first; then the body is undone and its container is told.
 */
export function closeFrame(run: Run, frame: Frame, closing: Closing): void {
  if (frame.phase !== 'running') return;
  frame.phase = 'closing';
  frame.closing = closing;
  dropReady(run, frame.key);
  forgetEvaluations(run, { frame: frame.key, node: -1 });
  for (const [node, step] of frame.steps.entries()) {
    if (step?.status === 'ready') {
      run.places.delete(step.path);
      frame.steps[node] = undefined;
    } else if (step && isActive(step)) stopStep(run, { frame: frame.key, node }, step, closing);
  }
  later(run, { then: 'stopped', frame: frame.key });
  if (closing.reason === 'failed' && frame.owner && containerOf(run, frame.owner).loop)
    later(run, { then: 'itemFailed', place: frame.owner, error: closing.error });
}

/** Begins to undo a closing body once everything in it has stopped. */
export function undoFrame(run: Run, key: string): void {
  const frame = frameAt(run, key);
  if (frame?.phase !== 'closing' || frame.steps.some(isActive)) return;
  frame.phase = 'undoing';
  const keep = kept(run, frame);
  const undo = frame.undo.filter((entry) => !keep(entry));
  frame.undo = frame.undo.filter(keep);
  if (frame.closing!.reason === 'stopped') forgetUndo(run, undo.splice(0));
  startUndo(run, { frame: key, node: -1 }, undo);
}

function stopStep(run: Run, place: Place, step: Step, closing: Closing): void {
  if (step.wait) endWait(run, place, { status: 'cancelled' });
  else if (step.container) later(run, { then: 'closeContainer', place, closing });
  else if (step.effect) stopEffect(run, place, step);
  else {
    forgetEvaluations(run, place);
    settle(run, place, { status: 'cancelled' });
  }
}

/** Asks an effect to stop. An effect that can be undone stays until its real outcome is known; others are let go. */
function stopEffect(run: Run, place: Place, step: Step): void {
  const effect = step.effect!;
  const waiting = effect.phase === 'backoff';
  if (!waiting) run.commands.push({ do: 'cancelEffect', path: step.path });
  if (!waiting && effect.request.awaited) {
    effect.phase = 'cancelling';
    return;
  }
  forgetFlight(run, step);
  settle(run, place, { status: 'cancelled', error: waiting ? step.error : null });
}

/** Selects the entries of the undo list that are handed to the container instead of being undone here. */
function kept(run: Run, frame: Frame): (entry: UndoEntry) => boolean {
  const { reason, handsOn } = frame.closing!;
  if (run.paged && frame.key === run.rootKey) return () => true;
  if (reason === 'stopped' || !frame.owner) return () => false;
  if (handsOn) return () => true;
  const container = stepAt(frameAt(run, frame.owner.frame), frame.owner.node).container!;
  if (reason === 'decided') {
    const branch = branchOf(bodyOf(run, frame), container.race!.winner!);
    return (entry) => branch.has(entry.index);
  }
  // All rounds of a loop are one body: the loop undoes them together, newest first.
  const together = container.loop !== undefined && !container.loop.continueOnError;
  return () => together;
}
