import type { PlanBody, PlanNode } from '../plan/types.ts';
import type { StepRecord, TakenStep } from '../run-state/index.ts';
import { containersOf } from './paths.ts';

/** Why a step that has ended runs again all the same. */
export type WhyAgain =
  /** It had not ended. */
  | 'unfinished'
  /** What it did was undone. */
  | 'undone'
  /** The node is of another type now, or there was none. */
  | 'changed'
  /** Its output is not kept whole. */
  | 'notKept';

/** What became of the steps of a run. */
export interface Recorded {
  readonly at: ReadonlyMap<string, StepRecord>;
  /** Paths of steps that were undone, and when the last undo step within a container began, in milliseconds. */
  readonly undone: ReadonlySet<string>;
  readonly undoneWithin: ReadonlyMap<string, number>;
  /** Some outputs are stored elsewhere, so a recorded value with a null in it may be incomplete. */
  readonly doubtful: boolean;
  /** The run has succeeded: what it did stands. */
  readonly stands: boolean;
}

const UNDO = '.compensate';

/** Reads the records of a run. */
export function readRecords(
  steps: readonly StepRecord[],
  { stands, doubtful }: Pick<Recorded, 'stands' | 'doubtful'>,
): Recorded {
  const undone = steps.filter(({ path, status }) => path.endsWith(UNDO) && status !== 'cancelled');
  return {
    at: new Map(steps.map((step) => [step.path, step])),
    undone: new Set(undone.map(({ path }) => path.slice(0, -UNDO.length))),
    undoneWithin: lastWithin(undone),
    doubtful: doubtful || steps.some(({ outputRef }) => outputRef !== undefined),
    stands,
  };
}

/** Whether what a step did was undone after it had ended: a container may undo within itself what it does not keep. */
export function isUndone({ undone, undoneWithin }: Recorded, step: StepRecord): boolean {
  if (undone.has(step.path)) return true;
  return (undoneWithin.get(step.path) ?? Number.NEGATIVE_INFINITY) >= Date.parse(step.endedAt ?? '');
}

/** Looked up for each step, so it must not take a walk through all undo steps. */
function lastWithin(undone: readonly StepRecord[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const { path, startedAt } of undone) {
    const begun = Date.parse(startedAt ?? '');
    if (Number.isNaN(begun)) continue;
    for (const container of containersOf(path.slice(0, -UNDO.length)))
      last.set(container, Math.max(begun, last.get(container) ?? begun));
  }
  return last;
}

const WAITS: ReadonlySet<string> = new Set(['waitForEvent', 'approval']);

/** Whether the record has all of the step's output. */
export function isKept({ doubtful }: Recorded, { uses, effect }: PlanNode, step: StepRecord): boolean {
  if (step.outputRef) return true;
  if (step.outputPreview) return false;
  const output = step.output ?? null;
  // The record of a wait says nothing of an output that is too long for it.
  if (WAITS.has(uses)) return output !== null;
  return effect !== undefined || !doubtful || !holdsNull(output);
}

const holdsNull = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value as object).some(holdsNull));

/** Whether the node can be computed again from what comes before it: it has no effect, and waits for nobody. */
export const isPure = ({ uses, effect, body }: PlanNode): boolean =>
  effect === undefined && body === undefined && !WAITS.has(uses) && uses !== 'wait';

/** Whether something in a container may have to be undone. */
export const mayUndo = ({ compensate, body, catch: handler, finally: last }: PlanNode): boolean =>
  compensate !== undefined || [body, handler, last].some((inner: PlanBody | undefined) => inner?.nodes.some(mayUndo));

/** How a step is known to end. `undo`: the run that takes it over also takes over the duty to undo it. */
export function takenFrom(step: StepRecord, undo: boolean): TakenStep {
  const { status, port, output, outputRef, error, endedAt } = step;
  return {
    status: status as TakenStep['status'],
    ...(status === 'succeeded' ? { port: port ?? null } : {}),
    ...(outputRef ? { outputRef } : output === undefined ? {} : { output }),
    ...(error ? { error } : {}),
    ...(endedAt ? { endedAt } : {}),
    ...(undo ? { undo: true } : {}),
  };
}
