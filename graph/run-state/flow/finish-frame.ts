import { closeFrame } from '../bodies/closing.ts';
import { loopFrameClosed, loopFrameEnded } from '../bodies/loops.ts';
import { raceClosed, raceWithoutWinner } from '../bodies/race.ts';
import { attemptFrameClosed, attemptFrameEnded } from '../bodies/try.ts';
import { withUndo } from '../effects/undo.ts';
import { bodyOf, containerOf, frameAt, nodeOf, pathIn } from '../state/frames.ts';
import type { Frame, Run } from '../state/state.ts';
import { errorOf, Suspended } from '../values/errors.ts';
import { answer } from '../values/resolve.ts';
import { scopeOf } from '../values/scope.ts';

/** Ends a body whose nodes have all settled: resolves its output and tells its container. */
export function finishFrame(run: Run, key: string): void {
  const frame = frameAt(run, key);
  if (frame?.phase !== 'running') return;
  const { owner } = frame;
  const container = owner && containerOf(run, owner);
  if (owner && container?.race) return raceWithoutWinner(run, owner, frame);
  let output: unknown;
  try {
    output = outputOf(run, frame);
  } catch (thrown) {
    if (thrown instanceof Suspended) return;
    const node = owner ? nodeOf(run, owner).id : '';
    return closeFrame(run, frame, {
      reason: 'failed',
      error: errorOf(thrown, { path: pathIn(frame, 'output') }, node),
    });
  }
  frame.phase = 'ended';
  if (!owner) return endRun(run, output);
  if (container!.loop) loopFrameEnded(run, owner, frame, output);
  else attemptFrameEnded(run, owner, frame, output);
}

/** Everything in a closed body is stopped and undone: its container, or the run, goes on from here. */
export function frameClosed(run: Run, frame: Frame): void {
  frame.phase = 'ended';
  const { owner, closing } = frame;
  if (!owner) return closeRun(run, frame);
  const { loop, race } = containerOf(run, owner);
  if (loop) loopFrameClosed(run, owner, frame, closing!);
  else if (race) raceClosed(run, owner, frame, closing!);
  else attemptFrameClosed(run, owner, frame, closing!);
}

function outputOf(run: Run, frame: Frame): unknown {
  const template = bodyOf(run, frame).output;
  if (!template) return null;
  const question = {
    place: { frame: frame.key, node: -1 },
    key: 'output',
    template,
    scope: scopeOf(run, frame.visible),
    // The output of the run itself goes where the run goes: it is not read here.
    ...(frame.owner ? { keeps: frame.part === 'item' ? [] : (nodeOf(run, frame.owner).inline ?? []) } : {}),
  };
  return answer(run, question, (value) => value ?? null);
}

function endRun(run: Run, output: unknown): void {
  run.state.status = 'succeeded';
  run.state.output = output;
  run.commands.push({ do: 'end' });
}

const STATUS = { failed: 'failed', cancelled: 'cancelled', timeout: 'timed-out', decided: 'failed' } as const;

function closeRun(run: Run, { closing, undoFailed }: Frame): void {
  const { state } = run;
  const { reason, error } = closing!;
  if (reason === 'stopped') return endRun(run, state.output);
  state.status = STATUS[reason];
  state.error = withUndo(error, undoFailed);
  run.commands.push({ do: 'end' });
}
