/** What operators do to single steps of a run that goes on: an end that does not come from the step itself. */
import { childDue } from './effects/effects.ts';
import { forgetFlight } from './effects/launch.ts';
import { carryOn } from './flow/consequences.ts';
import { timerFired } from './run.ts';
import { nodeOf, stepOf } from './state/frames.ts';
import type { Run } from './state/state.ts';
import type { Place, Step, WaitState } from './state/step.ts';
import { follows } from './state/versions.ts';
import { givenPort } from './steps/given-port.ts';
import { settle } from './steps/settle.ts';
import { clearTimer } from './steps/timers.ts';
import { iso } from './values/scope.ts';
import { endWait, waitDue } from './waits/waits.ts';

/** Why a step was left as it is. */
export type StepRefusal =
  /** No step of this path is running or waiting. */
  | 'step.notOpen'
  /** It waits for nothing. */
  | 'step.notWaiting'
  /** It does not wait for another attempt. */
  | 'step.notRetrying'
  /** A container ends with what is in it. */
  | 'step.container'
  /** The output names no port of the node. */
  | 'output.invalid';

/** Makes the next attempt of a step now. A paused run makes it when it resumes. */
export function retryStep(run: Run, path: string): StepRefusal | null {
  const step = openStep(run, path);
  if (!step) return 'step.notOpen';
  if (step.effect?.phase !== 'backoff') return 'step.notRetrying';
  const key = `${path}~retry`;
  clearTimer(run, key);
  step.effect.request = { ...step.effect.request, timeoutMs: Math.max(1, step.effect.deadline - run.now) };
  // It is due now, also if the run has to rest until a new execution.
  run.state.timers[key] = run.now;
  timerFired(run, key);
  return null;
}

/**
 * Ends a step as succeeded, with a given output. What it is doing is asked to stop, and its real outcome no longer
 * counts; it may have had its effect, so a node with `compensate` will be undone like any other.
 */
export function skipStep(run: Run, path: string, output: unknown): StepRefusal | null {
  const place = run.places.get(path);
  const step = place && stepOf(run, place);
  if (!place || !step || (!step.effect && !step.wait && !step.container)) return 'step.notOpen';
  if (step.container) return 'step.container';
  const port = givenPort(nodeOf(run, place), output);
  if (port === null) return 'output.invalid';
  const outcome = { status: 'succeeded', output, port } as const;
  if (step.wait) endWait(run, place, outcome);
  else {
    letGo(run, step);
    settle(run, place, outcome);
  }
  carryOn(run);
  return null;
}

/** Ends a wait as if what it waits for had come: its time, an event with this data, or this decision. */
export function completeWait(run: Run, path: string, data: unknown, by: { id: string }): StepRefusal | null {
  const found = waitAt(run, path);
  if (typeof found === 'string') return found;
  const { place, wait } = found;
  const output = outputOf(run, wait, data, by);
  const port = givenPort(nodeOf(run, place), output);
  if (port === null) return 'output.invalid';
  endWait(run, place, { status: 'succeeded', output, port });
  carryOn(run);
  return null;
}

/** Ends a wait as if its timeout had come. */
export function timeOutWait(run: Run, path: string): StepRefusal | null {
  const place = run.places.get(path);
  const step = place && stepOf(run, place);
  if (place && step?.effect?.phase === 'child') childDue(run, step);
  else {
    const found = waitAt(run, path);
    if (typeof found === 'string') return found;
    waitDue(run, found.place, 'timeout');
  }
  carryOn(run);
  return null;
}

function waitAt(run: Run, path: string): { place: Place; wait: WaitState } | StepRefusal {
  const place = run.places.get(path);
  if (!place) return 'step.notOpen';
  const { wait } = stepOf(run, place);
  return wait ? { place, wait } : 'step.notWaiting';
}

/** A step, or a `notify` or undo step beside the graph's own. */
function openStep(run: Run, path: string): Step | undefined {
  const place = run.places.get(path);
  return place ? stepOf(run, place) : run.state.side[path];
}

function outputOf(run: Run, wait: WaitState, data: unknown, { id }: { id: string }): unknown {
  const at = iso(run.now);
  if (wait.kind === 'timer') return { at };
  if (wait.kind === 'approval') return data;
  return { id, name: wait.event, key: wait.key ?? null, data: data ?? null, at };
}

/** Stops what a step is doing, and waits for nothing of it. */
function letGo(run: Run, step: Step): void {
  const { phase, child } = step.effect!;
  // In earlier versions, the steps of a body can only be stopped together: such a step is left to itself.
  const stops = child !== undefined || (phase !== 'backoff' && follows(run, 'stepsStopAlone'));
  if (stops) run.commands.push({ do: 'cancelEffect', path: step.path });
  if (phase === 'backoff') run.commands.push({ do: 'waits', opened: [] });
  forgetFlight(run, step);
}
