import type { Json } from '../../json.ts';
import type { PlanNode } from '../../plan/types.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Place, Step } from '../state/step.ts';
import { type TakenStep, takenAt, takenOutput } from '../state/taken.ts';
import type { RunError } from '../state/types.ts';
import { givenPort } from '../steps/given-port.ts';
import { type Outcome, settle, skip } from '../steps/settle.ts';
import { failure } from '../values/errors.ts';

/** What is about to begin. */
interface Beginning {
  readonly place: Place;
  readonly frame: Frame;
  readonly step: Step;
  readonly plan: PlanNode;
}

/**
 * Ends a step as it is known to end, if it is: nothing of it is executed.
 *
 * @returns false if the step has to begin
 */
export function takeOver(run: Run, { place, frame, step, plan }: Beginning): boolean {
  const taken = step.status === 'ready' ? takenAt(run.taken, step.path, plan.id) : undefined;
  if (!taken) return false;
  step.status = 'running';
  step.startedAt = run.now;
  if (taken.status === 'skipped') skip(run, frame, place.node);
  else settle(run, place, outcomeOf(run, taken, step, plan));
  return true;
}

function outcomeOf(run: Run, taken: TakenStep, step: Step, plan: PlanNode): Outcome {
  const stands = taken.undo ? {} : ({ stands: true } as const);
  if (taken.status === 'failed') return { status: 'failed', error: errorOf(taken, step, plan), ...stands };
  const output = takenOutput(taken);
  const port = taken.port === undefined ? givenPort(plan, output) : taken.port;
  if (port === null) return { status: 'failed', error: withoutPort(step, plan), ...stands };
  if (plan.uses === 'respond') run.state.response ??= output as Json;
  const { error: caught, endedAt } = taken;
  return {
    status: 'succeeded',
    output,
    port,
    ...(caught ? { caught } : {}),
    ...(endedAt === undefined ? {} : { doneAt: Date.parse(endedAt) }),
    ...stands,
  };
}

const errorOf = ({ error }: TakenStep, { path }: Step, { id }: PlanNode): RunError =>
  error ?? failure('failed', 'The step has failed.', path, id);

const withoutPort = ({ path }: Step, { id, uses }: PlanNode): RunError =>
  failure('output.invalid', `The output that was given for ${path} names no port of a ${uses}.`, path, id);
