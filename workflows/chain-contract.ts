import type { Json } from '../graph/json.ts';
import type { PlanNode } from '../graph/plan/types.ts';
import type { RunError } from '../graph/run-state/state/types.ts';
import type { Kept, Segment } from './activities.ts';
import type { BlobRef, Enveloped, PauseMessage, RunSnapshot, StartInput } from './contract.ts';

/** Input of `blokEach`: one share of a long list, and all that its body sees from around it. */
export interface EachInput {
  readonly interpreterVersion: number;
  /** The run it belongs to; its plan's body and its input are left out. */
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
  /** The latest word on whether the run is paused; absent: it has never been. */
  readonly pause?: PauseMessage;
  /** After continue-as-new: what is done, and the page under way. */
  readonly done?: Kept<EachOutput>;
  readonly page?: {
    readonly from: number;
    readonly items: Enveloped;
    readonly snapshot: Kept<RunSnapshot>;
  };
}

/** The loop's node, and what its body sees. */
export interface EachContext {
  readonly node: PlanNode;
  readonly facts: Enveloped;
  readonly visible: Enveloped;
}

/** What a share comes back with. */
export interface EachOutput {
  readonly segments: readonly Segment[];
  /** Oldest first, references beside it. */
  readonly undo: Enveloped;
  readonly undoFailed: readonly { readonly step: string; readonly error: Json }[];
  /** Why it stopped early. */
  readonly error?: RunError;
}
