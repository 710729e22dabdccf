import type { Json } from '../../json.ts';

export type RunStatus =
  | 'running'
  | 'waiting'
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'terminated'
  | 'timed-out';

export type StepStatus = 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/** Why a step or a run failed; `errors.<id>` and `error` show it to expressions. */
export interface RunError {
  /** Dotted words: `http.404`, `timeout`, `expression`, or the author's own from `fail`. */
  readonly code: string;
  readonly message: string;
  /** Path of the step where the error began, and the id of its node. */
  readonly step: string;
  readonly node: string;
  readonly attempts: number;
  /** The effect may have happened. */
  readonly unknown: boolean;
  readonly details?: Json;
  readonly cause?: Json;
  /** Undo steps that failed. */
  readonly undo?: readonly { readonly step: string; readonly error: Json }[];
}

/** One execution of one node, as the run history keeps it. */
export interface StepRecord {
  /** `each[3].charge` */
  readonly path: string;
  readonly node: string;
  readonly type: string;
  readonly label?: string;
  readonly status: StepStatus;
  readonly port?: string | null;
  readonly input?: Json;
  readonly output?: Json;
  /** Set when the output is stored in the blob store. */
  readonly outputRef?: { readonly sha256: string; readonly size: number; readonly preview?: string };
  /** Replaces a value too long for a record: its length in characters of JSON, and its beginning. */
  readonly inputPreview?: { readonly size: number; readonly preview: string };
  readonly outputPreview?: { readonly size: number; readonly preview: string };
  readonly error?: RunError | null;
  readonly attempts: number;
  /** ISO times. */
  readonly startedAt?: string | null;
  readonly endedAt?: string | null;
}

/** When the activity's last attempt ran (ISO times), and the number of that attempt. */
export interface EffectTimes {
  /** Attempts made so far, over all activities of the step. */
  readonly attempt: number;
  readonly startedAt: string;
  readonly endedAt: string;
}
