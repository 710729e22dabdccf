import type { Json } from '../graph/json.ts';
import type { PlanNode } from '../graph/plan/types.ts';
import type { RunError } from '../graph/run-state/state/types.ts';
import type { Kept, Segment } from './activities.ts';
import type { BlobRef, Enveloped, PauseMessage, RunSnapshot, StartInput } from './contract.ts';

/** Input of `blokEach`: one share of a long list, and everything outside the loop that its body can read. */
export interface EachInput {
  readonly interpreterVersion: number;
  /** The run that the share belongs to, without its input and the body of its plan. */
  readonly parent: StartInput;
  /** The run's workflow id: idempotency keys begin with it. */
  readonly workflowId: string;
  readonly frameKey: string;
  readonly context: Kept<EachContext>;
  readonly list: BlobRef;
  readonly from: number;
  readonly to: number;
  readonly concurrency: number;
  readonly continueOnError: boolean;
  /** The latest message about whether the run is paused. Absent: the run was never paused. */
  readonly pause?: PauseMessage;
  /** After continue-as-new: the finished part, and the page in progress. */
  readonly done?: Kept<EachOutput>;
  readonly page?: {
    readonly from: number;
    readonly items: Enveloped;
    readonly snapshot: Kept<RunSnapshot>;
  };
}

/** The loop's node, and what its body can read. */
export interface EachContext {
  readonly node: PlanNode;
  readonly facts: Enveloped;
  readonly visible: Enveloped;
}

/** The result of a share. */
export interface EachOutput {
  readonly segments: readonly Segment[];
  /** Oldest first, with the references beside the list. */
  readonly undo: Enveloped;
  readonly undoFailed: readonly { readonly step: string; readonly error: Json }[];
  /** Why the share stopped early. */
  readonly error?: RunError;
}
