import { Reference } from '../../expression/runtime.ts';
import type { Json } from '../../json.ts';
import type { PlanEffect } from '../../plan/types.ts';
import { nodeOf, stepOf } from '../state/frames.ts';
import type { Run } from '../state/state.ts';
import type { EffectState, SideStep, Step } from '../state/step.ts';
import type { EffectTimes, RunError } from '../state/types.ts';
import { noteEnd } from '../steps/room.ts';
import { type Outcome, settle } from '../steps/settle.ts';
import { clearTimer, setTimer } from '../steps/timers.ts';
import { causeOf, failure } from '../values/errors.ts';
import { settleSide } from './inline.ts';
import { dispatch, dropEffect, leaveFlight } from './launch.ts';
import { awaitAccess, pauseUntil, waitsForAccess } from './pause.ts';
import { delayBefore } from './retry.ts';

/** The result of an effect's activity. `output` may hold references. */
export type EffectOutcome =
  | { readonly ok: true; readonly output: unknown; readonly meta?: EffectTimes }
  | { readonly ok: false; readonly error: EffectError; readonly meta?: EffectTimes; readonly cancelled?: boolean };

type Failed = Extract<EffectOutcome, { ok: false }>;

/** Why an effect's activity failed. */
export interface EffectError {
  readonly code: string;
  readonly message: string;
  /** The effect may have happened. */
  readonly unknown: boolean;
  /** May be tried again, if the policy has attempts left. */
  readonly retryable: boolean;
  /** The last attempt gave no answer because its worker was lost. */
  readonly lost?: boolean;
  /** The step has not begun, because its turn under a rate limit has not come: this was no attempt. */
  readonly waits?: true;
  /** The shortest wait before the next attempt, in milliseconds from now (Retry-After). */
  readonly retryAfterMs?: number;
  readonly details?: Json;
}

/** Takes the result of a step's activity: done, failed, or tried again after a long back-off. */
export function effectEnded(run: Run, path: string, outcome: EffectOutcome): void {
  const step = findStep(run, path);
  const effect = step?.effect;
  if (!step || !effect || effect.phase === 'backoff') return;
  leaveFlight(run, effect);
  if (outcome.ok) noteEnd(run, outcome.meta);
  step.attempts = attemptsOf(effect, outcome);
  if (outcome.ok) return finish(run, step, succeeded(run, step, effect.request.effect, outcome.output ?? null));
  const error = stepError(run, step, outcome.error);
  if (effect.overdue) finish(run, step, { status: 'failed', error: { ...effect.overdue, unknown: error.unknown } });
  else if (effect.phase === 'cancelling') finish(run, step, { status: 'cancelled', error });
  else if (waitsForAccess(effect, outcome.error)) awaitAccess(run, step, effect, error);
  else if (outcome.error.waits && !outcome.cancelled) waitForTurn(run, step, effect, error, outcome);
  else if (mayTryAgain(step, effect, outcome)) {
    const delay = delayBefore(effect.request.effect.retry, step.attempts + 1);
    backOff(run, step, effect, error, Math.max(outcome.error.retryAfterMs ?? 0, delay));
  } else finish(run, step, { status: 'failed', error });
}

/**
 * The run that a `workflow.run` waits for has begun: from here on the step waits, and nothing is in flight.
 *
 * @returns false if the step was stopped meanwhile: nobody waits for the called run, so it has to be stopped as well
 */
export function childStarted(run: Run, path: string, child: { workflowId: string; runId: string }): boolean {
  const step = findStep(run, path);
  const effect = step?.effect;
  if (!step || !effect || effect.child) return false;
  leaveFlight(run, effect);
  effect.child = child;
  if (effect.phase === 'cancelling') {
    run.commands.push({ do: 'cancelEffect', path });
    return true;
  }
  effect.phase = 'child';
  step.status = 'waiting';
  const place = run.places.get(path);
  // Only a timeout that the author set gets a timer; nobody waits for the default of ten years.
  if (place && nodeOf(run, place).timeoutMs !== undefined)
    setTimer(run, `${path}~timeout`, effect.deadline, `${effect.request.label ?? path}: timeout`);
  return true;
}

/** The back-off is over. */
export function retryNow(run: Run, path: string): void {
  const step = findStep(run, path);
  if (step?.effect?.phase !== 'backoff') return;
  step.status = 'running';
  run.commands.push({ do: 'waits', opened: [] });
  dispatch(run, step.effect);
}

/** A called run exceeds the node's timeout: the run is asked to stop, and the node fails when it has stopped. */
export function childDue(run: Run, step: Step): void {
  const { effect, path } = step;
  if (effect?.phase !== 'child') return;
  const { id } = nodeOf(run, run.places.get(path)!);
  effect.overdue = {
    ...failure('timeout', `The called run took longer than the timeout of ${id}.`, path, id),
    unknown: true,
  };
  run.commands.push({ do: 'cancelEffect', path });
  if (!effect.request.awaited) finish(run, step, { status: 'failed', error: effect.overdue });
}

export function findStep(run: Run, path: string): Step | undefined {
  const place = run.places.get(path);
  return place ? stepOf(run, place) : run.state.side[path];
}

/**
 * Attempts made so far. An activity with a retryable failure that does not report its attempts has used up all it had.
 */
function attemptsOf({ request }: EffectState, outcome: EffectOutcome): number {
  if (!outcome.ok && outcome.error.waits) return outcome.meta?.attempt ?? request.attemptsBefore;
  const made = !outcome.ok && outcome.error.retryable && !outcome.cancelled ? request.attempts : 1;
  return Math.max(outcome.meta?.attempt ?? request.attemptsBefore + made, request.attemptsBefore + 1);
}

/**
 * The loss of a worker says nothing about the effect. A step that allows more than one attempt therefore gets one extra
 * attempt if the last one lost its worker, but only one, in case the step itself brings its worker down.
 */
function mayTryAgain(step: Step, effect: EffectState, { error, cancelled }: Failed): boolean {
  const { maxAttempts } = effect.request.effect.retry;
  if (!error.retryable || cancelled) return false;
  if (step.attempts < maxAttempts) return true;
  if (!error.lost || maxAttempts === 1 || effect.spared) return false;
  effect.spared = true;
  return true;
}

/** Waits for a turn under a rate limit. What a step waits before it begins does not count towards its timeout. */
function waitForTurn(
  run: Run,
  step: Step,
  effect: EffectState,
  error: RunError,
  { error: { retryAfterMs = 0 } }: Failed,
): void {
  const hasBegun = step.attempts > effect.request.attemptsBefore;
  effect.deadline += retryAfterMs + (hasBegun ? 0 : run.now - effect.since);
  backOff(run, step, effect, error, retryAfterMs);
}

/**
 * Waits in the workflow instead of in Temporal's retry: for back-off over ten minutes, a long Retry-After, or a turn that
 * comes late.
 */
function backOff(run: Run, step: Step, effect: EffectState, error: RunError, delay: number): void {
  const at = run.now + delay;
  if (at >= effect.deadline) {
    const message = `The next attempt would come after the node's timeout. Last failure: ${error.message}`;
    return finish(run, step, {
      status: 'failed',
      error: { ...error, code: 'timeout', message, cause: causeOf(error) },
    });
  }
  pauseUntil(run, step, effect, { at, error, attemptsBefore: step.attempts });
}

/** A node type with its own ports says in its output's `port` which one it leaves by. */
function succeeded(run: Run, step: Step, effect: PlanEffect, output: unknown): Outcome {
  if (!effect.ports || !run.places.has(step.path)) return { status: 'succeeded', output };
  const port = portIn(output);
  if (typeof port === 'string' && effect.ports.includes(port)) return { status: 'succeeded', output, port };
  const message = `The output's port is ${JSON.stringify(port) ?? 'missing'}; it must be one of ${effect.ports.join(', ')}.`;
  const error = stepError(run, step, { code: 'output.invalid', message, unknown: true, retryable: false });
  return { status: 'failed', error };
}

function portIn(output: unknown): unknown {
  if (output instanceof Reference) return output.inline['/port'];
  return output !== null && typeof output === 'object' && Object.hasOwn(output, 'port')
    ? (output as { port: unknown }).port
    : undefined;
}

function stepError(run: Run, { path, attempts }: Step, error: EffectError): RunError {
  const place = run.places.get(path);
  return {
    code: error.code,
    message: error.message,
    step: path,
    node: place ? nodeOf(run, place).id : (run.state.side[path]?.node ?? path),
    attempts,
    unknown: error.unknown,
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

function finish(run: Run, step: Step, outcome: Outcome): void {
  dropEffect(run, step);
  clearTimer(run, `${step.path}~timeout`);
  const place = run.places.get(step.path);
  if (place) settle(run, place, outcome);
  else settleSide(run, step as SideStep, outcome);
}
