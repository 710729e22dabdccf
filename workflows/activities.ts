import type { Sinks } from '@temporalio/workflow';
import type { Template } from '../graph/expression/types.ts';
import type { Json } from '../graph/json.ts';
import type { RunError, StepRecord } from '../graph/run-state/state/types.ts';
import type { BlobRef, EffectResult, Enveloped, EventMessage, RunRecord, StartInput } from './contract.ts';

/** A value that may be too large for history: itself, or where it is stored. */
export type Kept<T> = { readonly value: T } | { readonly blob: BlobRef };

/** What the interpreter needs beside effects: implemented in `activities/`, named so that no node type can clash. */
export interface InternalActivities {
  /** Upserts the row of a run that goes on, and its ended steps. */
  blokRecord(record: RunRecord): Promise<void>;
  /** Rewrites the wait index; answers events that came since the run began, for the waits that are new. */
  blokWaits(input: WaitsInput): Promise<EventMessage[]>;
  /** Computes a value, or runs a data node, over data held by reference. */
  blokEvaluate(input: EvaluateInput): Promise<EffectResult>;
  /** Adds ended steps to the run's record: child workflows write only these. */
  blokSteps(input: { workspace: string; runId: string; steps: readonly StepRecord[] }): Promise<void>;
  /** Stores JSON too large for history; `enveloped`: the value is an envelope whose references are put in first. */
  blokStore(input: { workspace: string; runId: string; value: unknown; enveloped?: boolean }): Promise<BlobRef>;
  /** Loads JSON stored by `blokStore`. */
  blokLoad(input: { workspace: string; ref: BlobRef }): Promise<unknown>;
  /** The same as text, part by part: as much as fits one payload, from a position on. */
  blokLoadPart(input: {
    workspace: string;
    ref: BlobRef;
    from: number;
  }): Promise<{ text: string; next: number | null }>;
  /** Makes a list ready to be run in pages: counts it, groups it, stores it. */
  blokSplit(input: SplitInput): Promise<SplitList>;
  /** Items of a stored list from `from` on: as many as fit, each too large one by reference. */
  blokPage(input: PageInput): Promise<{ items: Enveloped; count: number }>;
  /** Puts the segments of a long loop together, in order. */
  blokGather(input: GatherInput): Promise<EffectResult>;
  /** Waits for a workflow started by an earlier execution of the run. */
  blokAwait(input: { workflowId: string }): Promise<unknown>;
  /** Takes a place of the workflow's `concurrency`; `wait`: ask again. */
  blokSlot(input: SlotInput): Promise<'taken' | 'wait' | 'drop'>;
  /** Starts the workflow named by `onFailure`. */
  blokOnFailure(input: OnFailureInput): Promise<void>;
}

/**
 * What the interpreter has its worker do outside of history: awaited before the workflow task is answered, with its
 * failures hidden from the run, and left out when a task is only replayed.
 */
export interface InterpreterSinks extends Sinks {
  blok: {
    /** Writes the record of a run that ends in this task: row, steps, an empty wait index. */
    close(record: RunRecord): void;
    /** Writes the opening row of a run that this one has called. */
    open(run: OpenedRun): void;
  };
}

export interface WaitsInput {
  readonly record: RunRecord;
  /** Steps whose waits are new. */
  readonly opened: readonly string[];
  /** Ids of events the run has had, if a wait is new. */
  readonly seen?: readonly string[];
}

export interface EvaluateInput {
  readonly workspace: string;
  readonly runId: string;
  readonly template: Template;
  readonly scope: Kept<Enveloped>;
  /** A data node type, to run with the template as its parameters. */
  readonly data?: string;
  /** Field of the node, for messages. */
  readonly field?: string;
  readonly inline: readonly string[];
  readonly now: string;
  /** Load what the value refers to and put it in, so that it stands alone. */
  readonly whole?: boolean;
}

export interface SplitInput {
  readonly workspace: string;
  readonly runId: string;
  readonly items: Enveloped;
  readonly batch: number | null;
}

/** A stored list that is ready to be run in pages. */
export interface SplitList {
  readonly ref: BlobRef;
  /** Entries to run: batches, where the items were grouped. */
  readonly count: number;
  /** Items before they were grouped; absent in what an older worker returned. */
  readonly items?: number;
}

export interface PageInput {
  readonly workspace: string;
  readonly ref: BlobRef;
  readonly from: number;
  readonly to: number;
}

/** Part of a long loop's result, or where it is stored. */
export type Segment = Kept<SegmentValue>;

export interface SegmentValue {
  readonly results: readonly unknown[];
  readonly errors: readonly { readonly index: number; readonly error: RunError }[];
}

export interface GatherInput {
  readonly workspace: string;
  readonly runId: string;
  readonly segments: Kept<readonly Segment[]>;
  readonly count: number;
  readonly inline: readonly string[];
}

export interface OnFailureInput {
  readonly workspace: string;
  readonly workflow: string;
  /** How many runs are above the failed one, if any. */
  readonly depth?: number;
  readonly failed: {
    readonly workflow: string;
    readonly run: string;
    readonly status: string;
    readonly error: Json;
    readonly input: Json;
  };
}

/** What the activity of a `workflow.run` returns as its output: a run made ready, not begun. */
export interface PreparedRun {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly wait: boolean;
  readonly start: StartInput;
}

/** A run that has begun. */
export interface OpenedRun {
  readonly workflowId: string;
  /** Of its first execution. */
  readonly temporalRunId: string;
  readonly start: Omit<StartInput, 'plan'>;
}

export interface SlotInput {
  readonly workspace: string;
  readonly workflow: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly key: string;
  readonly limit: number;
  readonly onLimit: 'queue' | 'drop' | 'cancelOldest';
}
