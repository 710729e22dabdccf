import type { PlanNode } from '../../plan/types.ts';
import { hold, holdStep, measure } from '../state/bytes-held.ts';
import { frameAt, later, nodeAt, pathIn, stepAt } from '../state/frames.ts';
import type { Frame, Run } from '../state/state.ts';
import type { Place, Step } from '../state/step.ts';
import type { RunError } from '../state/types.ts';
import { follows } from '../state/versions.ts';
import { scopeOf, undoScope } from '../values/scope.ts';
import { queue } from './queue.ts';
import { keepRecord, recordOf } from './records.ts';

/** How a step ended. A success names its port; a failure is routed by its body. */
export type Outcome =
  | {
      readonly status: 'succeeded';
      readonly output: unknown;
      readonly port?: string | null;
      readonly caught?: RunError;
      /** What the step did stays done, whatever becomes of its body. */
      readonly stands?: true;
      /** When the step did it, if that was not just now (epoch ms). */
      readonly doneAt?: number;
    }
  | { readonly status: 'failed'; readonly error: RunError; readonly stands?: true }
  | { readonly status: 'cancelled'; readonly error?: RunError | null };

/** Puts a node on the ready list, once. */
export function enqueue(run: Run, frame: Frame, node: number): void {
  if (frame.steps[node]) return;
  const step = newStep(pathIn(frame, nodeAt(run, frame, node).id), 'ready');
  frame.steps[node] = step;
  holdStep(run, frame);
  run.places.set(step.path, { frame: frame.key, node });
  queue(run, { frame: frame.key, node });
}

/** What a skipped node costs: its record, and what its links mean for others. */
const SKIP_FUEL = 100;

/** Marks a node skipped, once; its links die. */
export function skip(run: Run, frame: Frame, node: number): void {
  const known = frame.steps[node];
  if (known && known.status !== 'running') return;
  const plan = nodeAt(run, frame, node);
  const step = newStep(pathIn(frame, plan.id), 'skipped');
  frame.steps[node] = step;
  if (follows(run, 'dataAndControlPriced')) run.state.fuelUsed += SKIP_FUEL;
  holdStep(run, frame);
  run.places.delete(step.path);
  keepRecord(run, recordOf(step, plan));
  later(run, { then: 'stepEnded', place: { frame: frame.key, node } });
}

/** Ends a step; the consequences for its body are carried out later. */
export function settle(run: Run, place: Place, outcome: Outcome): void {
  const frame = frameAt(run, place.frame);
  const plan = nodeAt(run, frame, place.node);
  const step = stepAt(frame, place.node);
  step.status = outcome.status;
  step.endedAt = run.now;
  step.startedAt ??= run.now;
  delete step.evaluated;
  if (outcome.status === 'succeeded') {
    step.output = outcome.output;
    step.error = outcome.caught ?? null;
    step.port = outcome.port === undefined ? 'out' : outcome.port;
  } else {
    step.output = null;
    step.error = outcome.error ?? null;
    step.port =
      outcome.status === 'failed' && frame.phase === 'running' ? handlingPort(plan, step, outcome.error) : null;
  }
  hold(run, measure(run, step.output, step.error), frame);
  frame.visible.nodes[plan.id] = step.output;
  frame.visible.errors[plan.id] = step.error;
  if (plan.compensate && mayHaveActed(outcome))
    registerUndo(run, frame, place.node, { plan, step, at: doneAt(outcome) ?? run.now });
  run.places.delete(step.path);
  keepRecord(run, recordOf(step, plan));
  // The record holds the input; nothing else reads it any more.
  delete step.input;
  later(run, { then: 'stepEnded', place });
}

/**
 * The port a failure leaves by, or null if nothing handles it. `timeout` is for the node's own timeout: a container
 * does not leave by that port when a step inside it took too long.
 */
function handlingPort(plan: PlanNode, step: Step, error: RunError): string | null {
  if (error.code === 'timeout' && error.step === step.path && plan.handles?.includes('timeout')) return 'timeout';
  if (plan.handles?.includes('error')) return 'error';
  return plan.continueOnError ? 'out' : null;
}

/** Whether there may be something to undo. */
function mayHaveActed(outcome: Outcome): boolean {
  if (outcome.status === 'cancelled') return outcome.error?.unknown === true;
  return !outcome.stands && (outcome.status === 'succeeded' || outcome.error.unknown);
}

const doneAt = (outcome: Outcome): number | undefined => (outcome.status === 'succeeded' ? outcome.doneAt : undefined);

function registerUndo(
  run: Run,
  frame: Frame,
  node: number,
  { plan, step, at }: { plan: PlanNode; step: Step; at: number },
): void {
  const inline = plan.compensate!;
  const scope = undoScope(run, inline.with, scopeOf(run, frame.visible));
  hold(run, measure(run, scope));
  frame.undo.push({
    at,
    seq: run.state.seq++,
    path: `${step.path}.compensate`,
    node: plan.id,
    index: node,
    inline,
    scope,
  });
}

const newStep = (path: string, status: 'ready' | 'skipped'): Step => ({
  path,
  status,
  port: null,
  output: null,
  error: null,
  startedAt: null,
  endedAt: null,
  attempts: 0,
});
