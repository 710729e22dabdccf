import { asCondition } from '../../expression/runtime.ts';
import { containerOf, frameAt, nodeOf, pathIn, stepOf } from '../state/frames.ts';
import type { Start } from '../state/start.ts';
import type { Frame, Run, Visible } from '../state/state.ts';
import type { Closing, Place } from '../state/step.ts';
import type { RunError } from '../state/types.ts';
import { dropFrame, openFrame } from '../steps/open-frame.ts';
import { clearTimer } from '../steps/timers.ts';
import { causeOf, errorOf, Suspended } from '../values/errors.ts';
import { answer } from '../values/resolve.ts';
import { scopeOf, visibleIn, visibleWithin } from '../values/scope.ts';
import { closeFrame } from './closing.ts';
import { failContainer, openContainer, succeed, takeOver, undoContainer } from './container.ts';

/** `try`: a body, a `catch` for its error, a `finally` for every end. */
export function startAttempt(run: Run, start: Start): void {
  const { place, frame, plan } = start;
  openContainer(run, start, { attempt: { stage: 'body', output: null, error: null, caught: null } });
  openFrame(run, { key: pathIn(frame, plan.id), part: 'body', owner: place, visible: visibleIn(frame, plan) });
}

/** A stage has succeeded. */
export function attemptFrameEnded(run: Run, place: Place, inner: Frame, output: unknown): void {
  const container = containerOf(run, place);
  const attempt = container.attempt!;
  takeOver(container, inner);
  if (inner.part === 'finally') return finish(run, place);
  attempt.output = output;
  if (inner.part === 'catch') {
    attempt.caught = attempt.error;
    attempt.error = null;
  }
  enterFinally(run, place);
}

/** A stage has failed or was closed, and is undone. */
export function attemptFrameClosed(run: Run, place: Place, inner: Frame, closing: Closing): void {
  const container = containerOf(run, place);
  const attempt = container.attempt!;
  const error = takeOver(container, inner, closing)!;
  attempt.error = attempt.error ? { ...error, cause: error.cause ?? causeOf(attempt.error) } : error;
  if (inner.part === 'finally') finish(run, place);
  else if (inner.part === 'catch' || container.closing) enterFinally(run, place);
  else tryCatch(run, place);
}

/** Offers the body's error to `catch`. Called again when an activity has computed the `if` of the `catch`. */
export function tryCatch(run: Run, place: Place): void {
  const step = stepOf(run, place);
  const attempt = step.container!.attempt!;
  const plan = nodeOf(run, place);
  clearTimer(run, `${step.path}~timeout`);
  if (!plan.catch) return enterFinally(run, place);
  attempt.stage = 'catch';
  const visible = visibleAfter(run, place, attempt.error);
  try {
    const test = plan.catch.if;
    const question = { place, key: 'catch.if', scope: scopeOf(run, visible) };
    if (test && !answer(run, { ...question, template: test }, (value) => asCondition(value, 'catch.if')))
      return enterFinally(run, place);
  } catch (thrown) {
    if (thrown instanceof Suspended) return;
    attempt.error = { ...errorOf(thrown, step, plan.id), cause: causeOf(attempt.error!) };
    return enterFinally(run, place);
  }
  openFrame(run, { key: `${step.path}.catch`, part: 'catch', owner: place, visible, handling: attempt.error });
}

/** The try's own timeout, which bounds the body and is caught like any error. */
export function attemptDue(run: Run, place: Place, closing: Closing): void {
  closeFrame(run, bodyFrame(run, place), closing);
}

/** Closes a try from outside: its body or catch is closed, but its `finally` still runs. */
export function closeAttempt(run: Run, place: Place, closing: Closing): void {
  const attempt = containerOf(run, place).attempt!;
  if (attempt.stage === 'finally') return;
  const open = stagesOf(run, place).find((frame) => frame.phase !== 'ended');
  if (open) return closeFrame(run, open, closing);
  // No stage is open: the `if` of the catch was being computed.
  attempt.error = closing.error;
  enterFinally(run, place);
}

function enterFinally(run: Run, place: Place): void {
  const step = stepOf(run, place);
  const attempt = step.container!.attempt!;
  clearTimer(run, `${step.path}~timeout`);
  attempt.stage = 'finally';
  if (!nodeOf(run, place).finally) return finish(run, place);
  const visible = visibleAfter(run, place, attempt.error);
  openFrame(run, { key: `${step.path}.finally`, part: 'finally', owner: place, visible, handling: attempt.error });
}

function finish(run: Run, place: Place): void {
  const container = containerOf(run, place);
  const attempt = container.attempt!;
  for (const frame of stagesOf(run, place)) dropFrame(run, frame);
  if (container.closing) undoContainer(run, place);
  else if (attempt.error) failContainer(run, place, attempt.error);
  else succeed(run, place, attempt.output, undefined, attempt.caught);
}

/** What `catch` and `finally` see: the nodes of the body, and its error. */
const visibleAfter = (run: Run, place: Place, error: RunError | null): Visible =>
  visibleWithin(bodyFrame(run, place).visible, nodeOf(run, place), undefined, error);

const bodyFrame = (run: Run, place: Place): Frame => frameAt(run, stepOf(run, place).path);

/** The bodies of a try that have begun. */
function stagesOf(run: Run, place: Place): Frame[] {
  const { path } = stepOf(run, place);
  return [path, `${path}.catch`, `${path}.finally`].flatMap((key) => run.state.frames[key] ?? []);
}
