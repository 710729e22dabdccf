import { Reference } from '../../expression/runtime.ts';
import type { Json } from '../../json.ts';
import type { RunError, StepRecord } from './types.ts';

/** How a step is known to end before it begins, because it has ended so in another run, or because somebody says so. */
export interface TakenStep {
  readonly status: 'succeeded' | 'failed' | 'skipped';
  /** Absent: the port that follows from the output. */
  readonly port?: string | null;
  readonly output?: Json;
  readonly outputRef?: StepRecord['outputRef'];
  /** Of a step that has failed, or the error that a `try` has caught. */
  readonly error?: RunError;
  /** ISO time: decides the order of undo. */
  readonly endedAt?: string;
  /** The run undoes what the step did, should the body of the step fail. Absent: what it did stands. */
  readonly undo?: true;
}

/** Steps that a run takes over instead of executing them. */
export interface TakenSteps {
  /** By step path. */
  readonly steps: Readonly<Record<string, TakenStep>>;
  /** By id of the node, for all of its steps. */
  readonly nodes?: Readonly<Record<string, TakenStep>>;
}

/** How a step is known to end; undefined: it has to be executed. */
export function takenAt(taken: TakenSteps | undefined, path: string, node: string): TakenStep | undefined {
  if (!taken) return undefined;
  if (Object.hasOwn(taken.steps, path)) return taken.steps[path];
  return taken.nodes && Object.hasOwn(taken.nodes, node) ? taken.nodes[node] : undefined;
}

/** The output of a step that is taken over. */
export const takenOutput = ({ output, outputRef }: TakenStep): unknown =>
  outputRef ? new Reference({ ...outputRef }) : (output ?? null);
