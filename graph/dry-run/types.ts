import type { Catalogue } from '../catalogue.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Plan } from '../plan/types.ts';
import type {
  EffectCall,
  EffectOutcome,
  OpenWait,
  RunError,
  RunStatus,
  StepRecord,
  TakenSteps,
} from '../run-state/index.ts';

/** An event that arrives during a dry run. */
export interface DryEvent {
  readonly name: string;
  readonly key?: string | null;
  readonly data: Json;
  /** Epoch ms at which it arrives, whether or not something waits. Absent: as soon as a wait for it begins. */
  readonly at?: number;
}

/** A dry run: the plan, its input, and what its effects answer. */
export interface DryRunOptions {
  readonly plan: Plan;
  readonly input?: Json;
  readonly trigger?: JsonObject;
  readonly vars?: JsonObject;
  /** `run.id`; `dry-run` if not given. */
  readonly runId?: string;
  /** Outputs of effects and decisions of approvals, by step path or else by node id. */
  readonly pins?: Readonly<Record<string, unknown>>;
  /** Failures of effects, by step path or else by node id. */
  readonly failures?: Readonly<
    Record<string, { readonly code: string; readonly message?: string; readonly unknown?: boolean }>
  >;
  readonly events?: readonly DryEvent[];
  /** Epoch ms at which the run is cancelled. */
  readonly cancelAt?: number;
  /** Epoch ms at which the run's clock starts; it jumps to whatever comes next. Default 2026-01-01. */
  readonly now?: number;
  /** Steps after which the run is cut short, because an endless loop never ends. Default 100,000. */
  readonly maxSteps?: number;
  /** Fuel after which the run is cut short, because steps may take long. Default: none is counted. */
  readonly maxFuel?: number;
  /** Which of `n` pending answers comes next, 0 to n − 1. Default: the first. */
  readonly choose?: (n: number) => number;
  /** Checks the parameters of effects, as the effects themselves would: a misfit fails with `input.invalid`. */
  readonly catalogue?: Catalogue;
  /** Called when an effect is requested. How many ms its answer takes by the run's clock; 0 if this is not given. */
  readonly takes?: (call: EffectCall) => number;
  /** Steps that are taken over instead of executed. */
  readonly taken?: TakenSteps;
  /** Answers effects instead of `pins` and `failures`. */
  readonly answer?: (call: EffectCall) => EffectOutcome;
}

export interface DryRunOutcome {
  /** `waiting` if no pin or event lets the run go on, `running` if `maxSteps` or `maxFuel` cut it short. */
  readonly status: RunStatus;
  readonly output: unknown;
  readonly error: RunError | null;
  readonly steps: readonly StepRecord[];
  /** What the run still waits for, if it could not end. */
  readonly waits: readonly OpenWait[];
  /** ISO time by the run's own clock; null if the run has not ended. */
  readonly endedAt: string | null;
  /** The answer of a `respond` node, if one has run. */
  readonly response: Json | null;
  /** What its expressions cost, in fuel: the same on every machine. */
  readonly fuel: number;
}
