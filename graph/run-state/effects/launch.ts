import { NeedsData } from '../../expression/runtime.ts';
import type { Scope, Template } from '../../expression/types.ts';
import { hold, ownValue } from '../state/bytes-held.ts';
import type { EffectCall } from '../state/commands.ts';
import { seal } from '../state/envelope.ts';
import type { Start } from '../state/start.ts';
import type { Run } from '../state/state.ts';
import type { EffectState, Step } from '../state/step.ts';
import { isLimited } from '../steps/places.ts';
import { countRoom } from '../steps/room.ts';
import { clearTimer } from '../steps/timers.ts';
import { resolve, sliceFor } from '../values/scope.ts';
import { segmentFrom } from './retry.ts';

/** Starts the activity of a node. */
export function startEffect(run: Run, { step, plan, scope }: Start): void {
  launch(run, step, {
    uses: plan.uses,
    effect: plan.effect!,
    template: plan.with,
    scope,
    awaited: plan.compensate !== undefined,
    ...(plan.label === undefined ? {} : { label: plan.label }),
    ...(plan.priority === undefined ? {} : { priority: plan.priority }),
  });
}

/** Resolves the parameters and asks the driver for the first activity of a step. */
export function launch(
  run: Run,
  step: Step,
  spec: Pick<EffectCall, 'uses' | 'effect' | 'awaited' | 'label' | 'priority' | 'resume'> & {
    template: Template | undefined;
    scope: Scope;
  },
): void {
  const { template, scope, ...rest } = spec;
  const given = parameters(run, template, scope, spec.resume !== undefined);
  step.input = given.with?.value;
  const { timeoutMs } = spec.effect;
  const request: EffectCall = {
    path: step.path,
    id: step.path,
    ...rest,
    ...given,
    attemptsBefore: 0,
    ...segmentFrom(spec.effect.retry, 0),
    timeoutMs,
  };
  const bytes = JSON.stringify(given).length;
  run.commandBytes += bytes;
  hold(run, bytes);
  step.effect = { bytes, segment: 1, phase: 'running', request, deadline: run.now + timeoutMs, since: run.now };
  dispatch(run, step.effect);
}

/** Asks the driver for an activity. */
export function dispatch(run: Run, effect: EffectState): void {
  effect.phase = 'running';
  effect.since = run.now;
  count(run, effect, 1);
  run.commands.push({ do: 'effect', call: effect.request });
}

/** An activity has ended or is given up: it no longer counts as in flight. Nor does a called run once it has begun. */
export function leaveFlight(run: Run, effect: EffectState): void {
  if (!effect.child && effect.phase !== 'backoff') count(run, effect, -1);
}

function count(run: Run, effect: EffectState, change: 1 | -1): void {
  const { queue } = effect.request.effect;
  run.state.inFlight += change;
  countRoom(run, effect, change);
  if (!isLimited(run, queue)) return;
  run.state.inFlightOf ??= {};
  run.state.inFlightOf[queue] = (run.state.inFlightOf[queue] ?? 0) + change;
}

/** The effect of a step is over: its request is no longer held. */
export function dropEffect(run: Run, step: Step): void {
  hold(run, -(step.effect?.bytes ?? 0));
  delete step.effect;
}

/** Stops waiting for the outcome of an effect: the effect no longer counts as in flight. */
export function forgetFlight(run: Run, step: Step): void {
  if (!step.effect) return;
  leaveFlight(run, step.effect);
  clearTimer(run, `${step.path}~retry`);
  clearTimer(run, `${step.path}~timeout`);
  dropEffect(run, step);
}

/** `resume.url` exists only in the activity of a `notify`, so the parameters of a `notify` are resolved there. */
function parameters(
  run: Run,
  template: Template | undefined,
  scope: Scope,
  elsewhere: boolean,
): Pick<EffectCall, 'with' | 'deferred'> {
  if (!template) return { with: { value: {} } };
  try {
    if (!elsewhere) return { with: seal(ownValue(run, resolve(run, template, scope, 'with'))) };
  } catch (thrown) {
    if (!(thrown instanceof NeedsData)) throw thrown;
  }
  return { deferred: { template, scope: seal(sliceFor(template, scope)) } };
}
