import { newFuel } from '../expression/runtime.ts';
import { equals } from '../expression/values.ts';
import type { StepRecord } from '../run-state/index.ts';

/** Fields of a step in which two runs may differ. */
export const COMPARED = ['status', 'type', 'port', 'input', 'output', 'error', 'attempts'] as const;

/** One step in two runs. Null: the run has no such step. */
export interface StepComparison {
  readonly path: string;
  readonly change: 'same' | 'differs' | 'only-left' | 'only-right';
  readonly fields: readonly (typeof COMPARED)[number][];
  /** How long the step took, in milliseconds. */
  readonly leftMs: number | null;
  readonly rightMs: number | null;
}

/**
 * Compares two runs step by step, in the order of the left run; steps that only the right run has follow.
 *
 * @example compareRuns(left.steps, right.steps).filter(({ change }) => change !== 'same')
 */
export function compareRuns(left: readonly StepRecord[], right: readonly StepRecord[]): StepComparison[] {
  const others = new Map(right.map((step) => [step.path, step]));
  const known = new Set(left.map(({ path }) => path));
  const pairs = left.map((step) => compareSteps(step, others.get(step.path)));
  const added = right.filter(({ path }) => !known.has(path)).map((step) => compareSteps(undefined, step));
  return [...pairs, ...added];
}

function compareSteps(left: StepRecord | undefined, right: StepRecord | undefined): StepComparison {
  const path = (left ?? right)!.path;
  const times = { leftMs: msOf(left), rightMs: msOf(right) };
  if (!left || !right) return { path, change: left ? 'only-left' : 'only-right', fields: [], ...times };
  const fields = COMPARED.filter((field) => !isSame(left, right, field));
  return { path, change: fields.length > 0 ? 'differs' : 'same', fields, ...times };
}

function isSame(left: StepRecord, right: StepRecord, field: (typeof COMPARED)[number]): boolean {
  if (field === 'error') return left.error?.code === right.error?.code && left.error?.message === right.error?.message;
  // A large output is compared by the hash of its content.
  if (field === 'output' && (left.outputRef || right.outputRef))
    return left.outputRef?.sha256 === right.outputRef?.sha256;
  return equals(newFuel(), left[field] ?? null, right[field] ?? null);
}

function msOf(step: StepRecord | undefined): number | null {
  if (!step?.startedAt || !step.endedAt) return null;
  return Date.parse(step.endedAt) - Date.parse(step.startedAt);
}
