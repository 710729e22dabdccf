import type { Template } from '../../expression/types.ts';
import type { PlanEffect, PlanNode } from '../../plan/types.ts';
import type { Enveloped } from './envelope.ts';

/** One activity to run for an effect. */
export interface EffectCall {
  readonly path: string;
  /** `path`, or `path#2` … after a long back-off. */
  readonly id: string;
  readonly uses: string;
  readonly label?: string;
  readonly effect: PlanEffect;
  readonly with?: Enveloped;
  readonly deferred?: { readonly template: Template; readonly scope: Enveloped };
  readonly attemptsBefore: number;
  /** Attempts Temporal may make in this activity, and the delay before the second. */
  readonly attempts: number;
  readonly delayMs: number;
  /** The remaining part of the node's timeout. */
  readonly timeoutMs: number;
  /** On cancellation, its real outcome is awaited. */
  readonly awaited: boolean;
  readonly resume?: { readonly step: string };
  readonly priority?: number;
}

/** A computation over data held by reference, done by an activity with the same evaluator. */
export interface EvaluateCall {
  readonly path: string;
  readonly key: string;
  readonly template: Template;
  /** Run a data node (`filter`, `sort`, …) instead of resolving the template. */
  readonly data?: string;
  readonly scope: Enveloped;
}

/** A large value that the run has computed, to be stored and replaced by a reference. */
export interface KeepCall {
  readonly path: string;
  readonly value: unknown;
  /** JSON Pointers whose values stay beside the reference. */
  readonly inline: readonly string[];
}

/** A long forEach handed to child workflows. */
export interface EachCall {
  readonly path: string;
  readonly frame: string;
  readonly node: PlanNode;
  /** The list, or what to compute it from. */
  readonly items: Enveloped;
  /** Set if the list is a reference whose items are to be grouped: the size of a group. */
  readonly batch: number | null;
  /** How many items there were before they were put into batches; absent if the list is a reference. */
  readonly count?: number;
  readonly concurrency: number;
  readonly continueOnError: boolean;
  /** What the loop's body reads from around it (a `Visible`). */
  readonly visible: Enveloped;
}

/** One thing that the driver must do. */
export type Command =
  | { readonly do: 'effect'; readonly call: EffectCall }
  | { readonly do: 'cancelEffect'; readonly path: string }
  | { readonly do: 'evaluate'; readonly call: EvaluateCall }
  | { readonly do: 'keep'; readonly call: KeepCall }
  | { readonly do: 'each'; readonly call: EachCall }
  | { readonly do: 'cancelEach'; readonly path: string }
  | { readonly do: 'timer'; readonly key: string; readonly at: number; readonly label: string }
  | { readonly do: 'clearTimer'; readonly key: string }
  /** The wait index changed: `opened` names the steps whose waits are new. */
  | { readonly do: 'waits'; readonly opened: readonly string[] }
  | { readonly do: 'end' };
