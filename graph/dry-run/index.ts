import type { Catalogue } from '../catalogue.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Plan } from '../plan/types.ts';
import {
  createRun,
  DEFAULT_LIMITS,
  type EffectCall,
  type EffectOutcome,
  hasEnded,
  type OpenWait,
  openSteps,
  openWaits,
  type RunError,
  type RunStatus,
  type StepRecord,
  startRun,
} from '../run-state/index.ts';
import { requireNodes } from './answers.ts';
import { drive } from './drive.ts';

export { PinError } from './answers.ts';

/** A dry run: the plan, what it is given, and what its effects answer. */
export interface DryRunOptions {
  readonly plan: Plan;
  readonly input?: Json;
  readonly trigger?: JsonObject;
  readonly vars?: JsonObject;
  /** Outputs of effects and decisions of approvals, by step path or else by node id. */
  readonly pins?: Readonly<Record<string, unknown>>;
  /** Failures of effects, by step path or else by node id. */
  readonly failures?: Readonly<
    Record<string, { readonly code: string; readonly message?: string; readonly unknown?: boolean }>
  >;
  /** Events that come while it runs: each as soon as a wait for it begins. */
  readonly events?: readonly { readonly name: string; readonly key?: string | null; readonly data: Json }[];
  /** Epoch ms at which the run's clock starts; it jumps from timer to timer. Default 2026-01-01. */
  readonly now?: number;
  /** Steps after which the run is left as it is: an endless loop has no end to show. Default 100,000. */
  readonly maxSteps?: number;
  /** Which of `n` pending answers comes next, 0 to n − 1. Default: the first. */
  readonly choose?: (n: number) => number;
  /** Checks what effects are given, as they would: what does not fit fails with `input.invalid`. */
  readonly catalogue?: Catalogue;
  /** Answers effects instead of `pins` and `failures`. */
  readonly answer?: (call: EffectCall) => EffectOutcome;
}

export interface DryRunOutcome {
  /** `waiting` if nothing that was given lets it go on, `running` if `maxSteps` cut it short. */
  readonly status: RunStatus;
  readonly output: unknown;
  readonly error: RunError | null;
  readonly steps: readonly StepRecord[];
  /** What it still waits for, if it could not end. */
  readonly waits: readonly OpenWait[];
  /** ISO time by the run's own clock; null if it has not ended. */
  readonly endedAt: string | null;
  /** What a `respond` node answered, if one has. */
  readonly response: Json | null;
}

/**
 * Runs a plan without a server and without effects: the same reducer, its effects answered from pins, its clock jumping
 * from timer to timer.
 *
 * @throws PinError if a pin is for no node of the plan, or is no decision of an approval
 * @example dryRun({ plan, input: { id: 1 }, pins: { price: { usd: 150 } } }).output
 */
export function dryRun(options: DryRunOptions): DryRunOutcome {
  requireNodes(options);
  const now = options.now ?? Date.UTC(2026, 0, 1);
  const startedAt = new Date(now).toISOString();
  const trigger = { id: null, uses: 'call', at: startedAt, key: null, by: null, ...options.trigger } as JsonObject;
  const facts = {
    trigger,
    input: options.input ?? {},
    vars: options.vars ?? {},
    run: { id: 'dry-run', startedAt, workflow: options.plan.name, version: null, url: '' },
  };
  // No child workflows here: a list of any length is run in place.
  const limits = { ...DEFAULT_LIMITS, inlineItems: Number.POSITIVE_INFINITY };
  const run = createRun({ plan: options.plan, facts, now, limits });
  startRun(run);
  const cut = drive(run, options) === 'cut';
  const ended = hasEnded(run);
  return {
    status: ended ? run.state.status : cut ? 'running' : 'waiting',
    output: ended ? run.state.output : null,
    error: run.state.error,
    steps: [...run.state.ended, ...openSteps(run)],
    waits: openWaits(run),
    endedAt: ended ? new Date(run.now).toISOString() : null,
    response: run.state.response,
  };
}
