import type { Json } from '../../json.ts';
import { hold, measure } from '../state/bytes-held.ts';
import { containerOf, frameAt, later } from '../state/frames.ts';
import type { Run } from '../state/state.ts';
import type { Place, SideStep, UndoEntry, UndoFailure, UndoState } from '../state/step.ts';
import type { RunError } from '../state/types.ts';
import { queueUndo } from '../steps/queue.ts';
import { causeOf } from '../values/errors.ts';
import { scopeFromSlice } from '../values/scope.ts';
import { startSide } from './inline.ts';

/**
 * Undoes a list: newest completion first, one at a time. The holder (a frame, or a container step) is told when the
 * last entry has ended; a failed undo step is noted and the others go on.
 */
export function startUndo(run: Run, holder: Place, entries: readonly UndoEntry[]): void {
  holderOf(run, holder).undoing = { entries: oldestFirst(entries) };
  goOn(run, holder);
}

/**
 * Sorts undo entries by completion, oldest first. `seq` is comparable only within one run or one chain of a long loop,
 * so `at` decides first.
 */
export const oldestFirst = (entries: readonly UndoEntry[]): UndoEntry[] =>
  [...entries].sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || a.seq - b.seq);

/** Starts the undo step whose turn has come. */
export function undoNext(run: Run, holder: Place): void {
  const entry = holderOf(run, holder).undoing!.entries.pop()!;
  hold(run, -measure(run, entry.scope));
  const scope = scopeFromSlice({ value: entry.scope }, { ...run.facts, error: reasonOf(run, holder) });
  startSide(run, {
    path: entry.path,
    role: 'compensate',
    node: entry.node,
    inline: entry.inline,
    scope,
    holder,
  });
}

/** Lets go of undo entries that nobody will carry out: their body is final, or the run was stopped. */
export function forgetUndo(run: Run, entries: readonly UndoEntry[]): void {
  hold(run, -measure(run, ...entries.map(({ scope }) => scope)));
}

/** One undo step has ended. */
export function undoStepEnded(run: Run, step: SideStep): void {
  if (step.status !== 'succeeded') {
    const error = (step.error ? causeOf(step.error) : null) as Json;
    holderOf(run, step.holder).undoFailed.push({ step: step.path, error });
  }
  goOn(run, step.holder);
}

/** An error together with the undo steps that failed. */
export function withUndo(error: RunError, failed: readonly UndoFailure[]): RunError {
  return failed.length === 0 ? error : { ...error, undo: [...(error.undo ?? []), ...failed] };
}

function goOn(run: Run, at: Place): void {
  const holder = holderOf(run, at);
  if (holder.undoing!.entries.length > 0) return queueUndo(run, at);
  delete holder.undoing;
  later(run, { then: 'undone', holder: at });
}

/** The error being handled, as `compensate` sees it. */
function reasonOf(run: Run, at: Place): RunError | null {
  if (at.node < 0) return frameAt(run, at.frame).closing?.error ?? null;
  const container = containerOf(run, at);
  return container.failing ?? container.closing?.error ?? null;
}

function holderOf(run: Run, at: Place): { undoing?: UndoState; undoFailed: UndoFailure[] } {
  return at.node < 0 ? frameAt(run, at.frame) : containerOf(run, at);
}
