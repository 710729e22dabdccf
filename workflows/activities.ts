import type { Sinks } from '@temporalio/workflow';
import type { Template } from '../graph/expression/types.ts';
import type { Json, JsonObject } from '../graph/json.ts';
import type { RunError, StepRecord } from '../graph/run-state/state/types.ts';
import type {
  BlobRef,
  EffectResult,
  Enveloped,
  EventMessage,
  RunClaim,
  RunRecord,
  StartInput,
  TriggerClaim,
  WatchPlace,
} from './contract.ts';

/** Header that says to which trace a run belongs (W3C Trace Context). Absent: nobody traces it. */
export const TRACE_HEADER = 'traceparent';

/** A value that may be too large for history: itself, or where it is stored. */
export type Kept<T> = { readonly value: T } | { readonly blob: BlobRef };

/** What the interpreter needs apart from effects. Implemented in `activities/`; no node type can have these names. */
export interface InternalActivities {
  /** Upserts the row of a run that has not ended, and its ended steps. */
  blokRecord(record: RunRecord): Promise<void>;
  /** Rewrites the wait index. Returns the events for the new waits that arrived since the run began. */
  blokWaits(input: WaitsInput): Promise<EventMessage[]>;
  /** Computes a value, or runs a data node, over data held by reference. */
  blokEvaluate(input: EvaluateInput): Promise<EffectResult>;
  /** Adds ended steps to the run's record. Child workflows write nothing else. */
  blokSteps(input: { workspace: string; runId: string; steps: readonly StepRecord[] }): Promise<void>;
  /**
   * Stores JSON too large for history. `enveloped`: the value is an envelope; its references are replaced by data
   * first.
   */
  blokStore(input: { workspace: string; runId: string; value: unknown; enveloped?: boolean }): Promise<BlobRef>;
  /** Loads JSON stored by `blokStore`. */
  blokLoad(input: { workspace: string; ref: BlobRef }): Promise<unknown>;
  /** Loads such JSON as text, in parts: from a position on, as much as fits in one payload. */
  blokLoadPart(input: {
    workspace: string;
    ref: BlobRef;
    from: number;
  }): Promise<{ text: string; next: number | null }>;
  /** Prepares a list for running in pages: counts it, groups it, stores it. */
  blokSplit(input: SplitInput): Promise<SplitList>;
  /** Items of a stored list from `from` on, as many as fit. An item that is too large comes by reference. */
  blokPage(input: PageInput): Promise<{ items: Enveloped; count: number }>;
  /** Joins the segments of a long loop, in order. */
  blokGather(input: GatherInput): Promise<EffectResult>;
  /** Waits for a workflow started by an earlier execution of the run. */
  blokAwait(input: { workflowId: string }): Promise<unknown>;
  /** Takes one of the places that the workflow's `concurrency` allows. `wait`: ask again later. */
  blokSlot(input: SlotInput): Promise<'taken' | 'wait' | 'drop'>;
  /** Takes one of the turns that the workflow's `rateLimit` allows. `at`: ask again then, `inMs` from now. */
  blokTurn(input: TurnInput): Promise<'taken' | 'drop' | { readonly inMs: number; readonly at: string }>;
  /** Starts the workflow named by `onFailure`. */
  blokOnFailure(input: OnFailureInput): Promise<void>;
}

/** What the workflows need that watch for triggers. Each input names its trigger, with a signature. */
export interface TriggerActivities {
  /** Starts the run of a trigger that has fired, once for each key. */
  blokFire(input: FireInput): Promise<Fired>;
  /** Looks once for what is new, if the trigger is switched on. */
  blokPoll(input: PollInput): Promise<PollAnswer>;
  /** Prepares the run of a schedule whose time has come. Nothing begins, and nothing is counted. */
  blokSchedule(input: ScheduledInput): Promise<ScheduledRun>;
  /** Counts a run of a schedule that has begun, and writes its opening row. Without a run: it had begun before. */
  blokScheduled(input: { readonly claim: TriggerClaim; readonly run: OpenedRun | null }): Promise<void>;
}

/** A time of a schedule that has come. */
export interface ScheduledInput {
  readonly claim: TriggerClaim;
  /** ISO time at which the schedule was to fire. */
  readonly scheduledAt: string;
  /** Cron expressions, and the zone in which they are read. */
  readonly cron: readonly string[];
  readonly timezone: string;
}

/** The run that begins then, or why none does. */
export type ScheduledRun =
  | ({ readonly outcome: 'ready' } & Omit<PreparedRun, 'wait'>)
  | { readonly outcome: 'declined' | 'refused' | 'held' | 'duplicate' | 'off'; readonly reason: string };

export interface FireInput {
  readonly claim: TriggerClaim;
  /** One run per key. */
  readonly key: string;
  /** ISO time. */
  readonly at: string;
  /** What `trigger` holds besides `id, uses, at, key`. */
  readonly fields: JsonObject;
  /** More of these fields, which are stored because they are too large for history. */
  readonly stored?: Readonly<Record<string, BlobRef>>;
}

export interface PollInput {
  readonly claim: TriggerClaim;
  /** Absent: nobody has looked yet. */
  readonly place?: WatchPlace;
  /** The trigger was switched off when the watch last looked. */
  readonly wasOff?: boolean;
}

/** What came of looking. */
export type PollAnswer =
  | { readonly outcome: 'found'; readonly page: PolledPage }
  /** It is noted beside the trigger. `retryAfterMs`: the service said when to try again. */
  | { readonly outcome: 'failed'; readonly everyMs: number; readonly retryAfterMs?: number }
  | { readonly outcome: 'off' }
  /** There is no such trigger any more. */
  | { readonly outcome: 'gone' };

/** What a look has found. */
export interface PolledPage {
  readonly items: readonly ({ readonly key: string } & Kept<Json>)[];
  /** Where the next look goes on, once the runs of all items have started. */
  readonly place: WatchPlace;
  /** There is more: look again at once. */
  readonly more: boolean;
  readonly everyMs: number;
  /** Items that are left when the trigger is switched off are not picked up later. */
  readonly skipsWhileOff: boolean;
  /** Runs start one after the other. Absent: some start at the same time. */
  readonly inOrder?: boolean;
}

/** What came of a firing. Only a run that was started or is known has ids. */
export type Fired =
  | { readonly outcome: 'started' | 'duplicate'; readonly runId: string; readonly workflowId: string }
  | { readonly outcome: 'declined' | 'refused' | 'held' | 'duplicate' | 'off'; readonly reason: string };

/**
 * Work that the interpreter lets its worker do outside of history. The work is awaited before the workflow task is
 * answered, its failures are hidden from the run, and it is skipped when a task is only replayed.
 */
export interface InterpreterSinks extends Sinks {
  blok: {
    /** Writes the record of a run that ends in this task: row, steps, an empty wait index. */
    close(record: RunRecord, claim: RunClaim | undefined): void;
    /** Keeps what a `respond` has answered, for the caller that waits for it. The first answer stays. */
    respond(answer: Answered, claim: RunClaim | undefined): void;
    /** Writes the opening row of a run that this run has called. */
    open(run: OpenedRun): void;
  };
}

/** The answer of a `respond`. */
export interface Answered {
  readonly workspace: string;
  readonly runId: string;
  /** `status`, `headers`, `body`, `file`. */
  readonly response: Enveloped;
}

export interface WaitsInput {
  readonly record: RunRecord;
  /** Steps whose waits are new. */
  readonly opened: readonly string[];
  /** Ids of the events that the run has received, if a wait is new. */
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
  /** Replace the references in the value by their data, so that the value stands alone. */
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
  /** Entries to run: batches, if the items were grouped. */
  readonly count: number;
  /** Number of items before grouping. Absent in the result of an older worker. */
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

/** What the activity of a `workflow.run` returns as its output: a run that is prepared but has not begun. */
export interface PreparedRun {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly wait: boolean;
  readonly start: StartInput;
}

/** A run that has begun. */
export interface OpenedRun {
  readonly workflowId: string;
  /** Temporal's run id of the first execution. */
  readonly temporalRunId: string;
  readonly start: Omit<StartInput, 'plan'>;
}

/** A run that asks whether it may begin. */
interface AskingRun {
  readonly workspace: string;
  readonly workflow: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly key: string;
  readonly limit: number;
  /** 1 goes first, 5 last; 3 if not given. */
  readonly priority?: number;
  /** The trigger that has fired, to count what is dropped. */
  readonly trigger?: string | null;
}

export interface SlotInput extends AskingRun {
  readonly onLimit: 'queue' | 'drop' | 'cancelOldest';
}

export interface TurnInput extends AskingRun {
  readonly perMs: number;
  readonly onLimit: 'queue' | 'drop';
}
