import { forgetUndo, startUndo, withUndo } from '../effects/undo.ts';
import { containerOf, frameAt, stepOf } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Closing, ContainerState, Place, UndoEntry } from '../state/step.ts';
import type { RunError } from '../state/types.ts';
import { follows } from '../state/versions.ts';
import { settle } from '../steps/settle.ts';
import { clearTimer, setTimer } from '../steps/timers.ts';

/** Turns the step into a running container and starts its timeout. */
export function openContainer(
  run: Run,
  { step, plan }: Start,
  state: Pick<ContainerState, 'loop' | 'attempt' | 'race'>,
): void {
  step.container = { ...state, undo: [], undoFailed: [] };
  if (plan.timeoutMs !== undefined)
    setTimer(run, `${step.path}~timeout`, run.now + plan.timeoutMs, `${plan.label ?? step.path}: timeout`);
}

/** Ends a container successfully: its undo list is handed to the body around it, to be undone with that body. */
export function succeed(run: Run, place: Place, output: unknown, port?: string, caught?: RunError | null): void {
  const step = stepOf(run, place);
  const { undo, undoFailed } = step.container!;
  const frame = frameAt(run, place.frame);
  clearTimer(run, `${step.path}~timeout`);
  handOn(frame, place, undo);
  frame.undoFailed.push(...undoFailed);
  delete step.container;
  settle(run, place, {
    status: 'succeeded',
    output,
    ...(port ? { port } : {}),
    ...(caught ? { caught } : {}),
  });
}

/** Fails a container: everything that was done inside it is undone first. */
export function failContainer(run: Run, place: Place, error: RunError): void {
  containerOf(run, place).failing = error;
  undoContainer(run, place);
}

/**
 * Undoes what the container's ended bodies did; then the container settles. If the body around it closes, too, that
 * body undoes these entries together with its own.
 */
export function undoContainer(run: Run, place: Place): void {
  const container = containerOf(run, place);
  const entries = container.undo;
  container.undo = [];
  if (container.closing?.reason === 'stopped') forgetUndo(run, entries.splice(0));
  const undoneAround = container.closing && !container.failing && follows(run, 'undoneTogether');
  if (!undoneAround && !(run.paged && place.frame === run.rootKey)) return startUndo(run, place, entries);
  handOn(frameAt(run, place.frame), place, entries);
  startUndo(run, place, []);
}

/** Puts a container's undo entries on the list of the body around it. */
function handOn(frame: Frame, { node: index }: Place, entries: readonly UndoEntry[]): void {
  for (const entry of entries) frame.undo.push({ ...entry, index });
}

/** Everything is undone: the container has failed, or was cancelled from outside. */
export function containerUndone(run: Run, place: Place): void {
  const step = stepOf(run, place);
  const { closing, failing, undoFailed } = step.container!;
  clearTimer(run, `${step.path}~timeout`);
  delete step.container;
  if (closing) {
    frameAt(run, place.frame).undoFailed.push(...undoFailed);
    settle(run, place, { status: 'cancelled' });
  } else settle(run, place, { status: 'failed', error: withUndo(failing!, undoFailed) });
}

/**
 * Takes over the undo list of a body that has ended or closed.
 *
 * @returns the body's error with its failed undo steps, unless the container's own end is settled already
 */
export function takeOver(container: ContainerState, inner: Frame, closing?: Closing): RunError | null {
  container.undo.push(...inner.undo);
  inner.undo = [];
  if (closing && !container.closing && !container.failing) return withUndo(closing.error, inner.undoFailed);
  container.undoFailed.push(...inner.undoFailed);
  return closing?.error ?? null;
}
