import { forgetUndo } from '../effects/undo.ts';
import { hold, isCrowded, measure } from '../state/bytes-held.ts';
import { containerOf, frameAt, framesOf, nodeOf, stepOf } from '../state/frames.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Closing, Place, UndoEntry, UndoFailure } from '../state/step.ts';
import type { RunError } from '../state/types.ts';
import { follows } from '../state/versions.ts';
import { dropFrame, openFrame } from '../steps/open-frame.ts';
import { queue } from '../steps/queue.ts';
import { Suspended } from '../values/errors.ts';
import { keep } from '../values/resolve.ts';
import { visibleIn } from '../values/scope.ts';
import { closeFrame } from './closing.ts';
import { failContainer, succeed, takeOver, undoContainer } from './container.ts';

/** An item or round has succeeded. */
export function loopFrameEnded(run: Run, place: Place, inner: Frame, output: unknown): void {
  const container = containerOf(run, place);
  const loop = container.loop!;
  loop.active--;
  // Rounds of an endless loop are final: nothing undoes them later, and the list does not grow without end.
  if (loop.max === null) forgetUndo(run, inner.undo.splice(0));
  takeOver(container, inner);
  dropFrame(run, inner);
  if (inner.part === 'round') holdState(run, place, output);
  else holdInLoop(run, place, measure(run, output));
  if (inner.part === 'round') loop.state = output;
  else loop.results[inner.index! - offsetOf(run, place)] = output;
  if (container.closing || container.failing) loopStopped(run, place);
  else if (inner.part === 'round') queue(run, place);
  else fill(run, place);
}

/** An item or round has failed or was closed. */
export function loopFrameClosed(run: Run, place: Place, inner: Frame, closing: Closing): void {
  const container = containerOf(run, place);
  const loop = container.loop!;
  loop.active--;
  const error = takeOver(container, inner, closing)!;
  dropFrame(run, inner);
  if (container.closing || container.failing) return loopStopped(run, place);
  if (loop.continueOnError) {
    loop.errors.push({ index: inner.index!, error });
    holdInLoop(run, place, measure(run, error));
    return fill(run, place);
  }
  failLoop(run, place, error);
}

/**
 * An item or round begins to close because of a failure: the loop fails with that failure, and everything that still
 * runs in the loop closes at once. A timeout or another failure before the loop has ended does not replace it.
 */
export function itemFailed(run: Run, place: Place, error: RunError): void {
  const container = containerOf(run, place);
  if (!follows(run, 'firstFailureStays') || container.loop!.continueOnError) return;
  if (container.closing || container.failing) return;
  failLoop(run, place, error);
}

/** The loop fails: its other items are cancelled, and the undo list of all items is undone when the last has ended. */
function failLoop(run: Run, place: Place, error: RunError): void {
  containerOf(run, place).failing = error;
  closeLoop(run, place, { reason: 'cancelled', error: { ...error, code: 'cancelled' } });
}

/** Closes all running items, or the running round: what they did is undone with the rest of the loop. */
export function closeLoop(run: Run, place: Place, { reason, error }: Closing): void {
  const { container, path } = stepOf(run, place);
  if (container!.loop!.chained) return void run.commands.push({ do: 'cancelEach', path });
  const closing: Closing = { reason, error, ...(follows(run, 'undoneTogether') ? { handsOn: true } : {}) };
  for (const frame of framesOf(run, place)) closeFrame(run, frame, closing);
  loopStopped(run, place);
}

/** Starts items while there is room, and ends the loop after the last item. */
export function fill(run: Run, place: Place): void {
  const step = stepOf(run, place);
  const loop = step.container!.loop!;
  const frame = frameAt(run, place.frame);
  const plan = nodeOf(run, place);
  while (loop.active < loop.concurrency && loop.next < loop.total) {
    if (loop.active > 0 && isCrowded(run)) break;
    const position = loop.next++;
    loop.active++;
    const item = loop.items![position];
    const index = position + offsetOf(run, place);
    const visible = visibleIn(frame, plan, { item, index });
    openFrame(run, { key: `${step.path}[${index}]`, part: 'item', owner: place, visible, index, item });
  }
  if (loop.active === 0 && loop.next >= loop.total) endItems(run, place);
}

/** All items have ended: the loop succeeds as soon as its output is stored, if it is large. */
export function endItems(run: Run, place: Place): void {
  const loop = containerOf(run, place).loop!;
  const errors = [...loop.errors].sort((a, b) => a.index - b.index);
  const output = { results: loop.results, errors, count: loop.count ?? loop.total };
  try {
    const question = { place, key: 'output', keeps: nodeOf(run, place).inline ?? [] };
    // The results of a page are stored by whoever runs the page.
    const kept = isPage(run, place) ? output : keep(run, question, output);
    holdInLoop(run, place, -(loop.bytes ?? 0));
    succeed(run, place, kept);
  } catch (thrown) {
    if (!(thrown instanceof Suspended)) throw thrown;
  }
}

/** Counts bytes for a loop, until it ends. */
export function holdInLoop(run: Run, place: Place, bytes: number): void {
  const loop = containerOf(run, place).loop!;
  loop.bytes = (loop.bytes ?? 0) + bytes;
  hold(run, bytes, frameAt(run, place.frame));
}

/** Counts the state of a `while` in the place of the one before. */
export function holdState(run: Run, place: Place, state: unknown): void {
  holdInLoop(run, place, measure(run, state) - (containerOf(run, place).loop!.bytes ?? 0));
}

/** The result of the child workflows of a long forEach; their undo lists are ordered oldest first. */
export type EachResult = {
  readonly undo: readonly UndoEntry[];
  readonly undoFailed?: readonly UndoFailure[];
} & ({ readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: RunError });

/** A forEach run by child workflows has ended. */
export function chainEnded(run: Run, place: Place, result: EachResult): void {
  const container = containerOf(run, place);
  for (const entry of result.undo) container.undo.push({ ...entry, seq: run.state.seq++ });
  hold(run, measure(run, ...result.undo.map(({ scope }) => scope)));
  container.undoFailed.push(...(result.undoFailed ?? []));
  // The only failure known here so far is the loop's own timeout; a failure in its child workflows happened before it.
  if (!result.ok && result.error.code !== 'cancelled' && follows(run, 'firstFailureStays'))
    container.failing &&= result.error;
  if (container.closing || container.failing) undoContainer(run, place);
  else if (result.ok) succeed(run, place, result.output);
  else failContainer(run, place, result.error);
}

/** Undoes the list of a failing or closing loop when its last item has ended. */
function loopStopped(run: Run, place: Place): void {
  const container = containerOf(run, place);
  if (container.loop!.active === 0 && !container.undoing) undoContainer(run, place);
}

/** Index of the first item. It is not 0 if this run executes only a part (page) of the loop. */
const offsetOf = (run: Run, place: Place): number => (isPage(run, place) ? run.page : 0);

/** True for the loop of which this run executes a part. */
const isPage = (run: Run, place: Place): boolean => run.paged && place.frame === run.rootKey;
