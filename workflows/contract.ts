/**
 * What API, worker, activities and tests share with the interpreter: names, ids, and the shapes that cross the
 * boundary. Names and shapes here are in the histories of running workflows: they may grow, never change.
 */

import type { Template } from '../graph/expression/types.ts';
import type { Json, JsonObject } from '../graph/json.ts';
import type { PackedPlan } from '../graph/plan/pack.ts';
import type { EffectError, EffectTimes } from '../graph/run-state/effects/effects.ts';
import type { RunError, RunStatus, StepRecord } from '../graph/run-state/state/types.ts';
import type { TriggerInfo } from '../graph/start/trigger-info.ts';

/** In every start input. */
export { INTERPRETER_VERSION } from '../graph/sandbox.ts';
export type { TriggerInfo };

/** Task queue of the interpreter and of node types that name no other. */
export const TASK_QUEUE = 'blok';

/** Workflow type of a run: the workflow's slug with a suffix no internal workflow can have. */
export const workflowType = (slug: string): string => `${slug}~v1`;

/** The four static Keyword search attributes of every run. */
export const SEARCH_ATTRIBUTES = ['BlokWorkspace', 'BlokWorkflow', 'BlokVersion', 'BlokTrigger'] as const;

/** Values of those attributes for one run. */
export function searchAttributesOf(
  start: Pick<StartInput, 'workspace' | 'workflow' | 'version' | 'trigger'>,
): Record<(typeof SEARCH_ATTRIBUTES)[number], string[]> {
  return {
    BlokWorkspace: [start.workspace],
    BlokWorkflow: [start.workflow],
    BlokVersion: [start.version === null ? 'draft' : String(start.version)],
    BlokTrigger: [start.trigger.id ?? start.trigger.uses],
  };
}

/** Content-addressed bytes in the workspace's blob store. Travels beside data, never recognised by shape within it. */
export interface BlobRef {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** First characters of the stored JSON, for people. */
  readonly preview?: string;
}

/** Input of the interpreter. */
export interface StartInput {
  readonly interpreterVersion: number;
  readonly workspace: string;
  /** Slug of the workflow. */
  readonly workflow: string;
  /** Published version, or null for a run of a given graph. */
  readonly version: number | null;
  /** The product's run id: `runIdOf(workflowId)`. */
  readonly runId: string;
  readonly plan: PackedPlan | { readonly blob: BlobRef };
  readonly trigger: TriggerInfo;
  /** Fields of `trigger` that are stored, and null there. */
  readonly triggerByReference?: Readonly<Record<string, BlobRef>>;
  readonly input: Json | { readonly blob: BlobRef };
  /** True if `input` is a blob reference; said here so that no input can pretend to be one. */
  readonly inputByReference?: boolean;
  readonly planByReference?: boolean;
  /** Values of every variable of the graph, frozen for the run. */
  readonly vars: JsonObject;
  /** Address of the run in the product's UI or API. */
  readonly url: string;
  /** ISO time at which the run began (the first of the chain). */
  readonly startedAt?: string;
  /** How many runs are above it, each started by the one above. Absent: nobody's run started it. */
  readonly depth?: number;
  /** Present after continue-as-new: where the run stands, or the blob that says so. */
  readonly snapshot?: RunSnapshot | { readonly blob: BlobRef };
  /** How many executions came before this one. */
  readonly segment?: number;
}

/** A run between two executions: the reducer's state, and what the driver had under way. */
export interface RunSnapshot {
  readonly state: Enveloped;
  /** It has not begun: it waits for a place of the workflow's `concurrency`. */
  readonly queued?: true;
  /** Steps ended in earlier executions. */
  readonly stepsDone: number;
  /** Child workflows of long loops, by step path. */
  readonly chains: Readonly<Record<string, { readonly workflowIds: readonly string[]; readonly count: number }>>;
  /** How often it was paused or went on. */
  readonly pauses?: number;
}

/** What a run returns to Temporal, and so to whoever waits for it. */
export interface RunResult {
  readonly runId: string;
  readonly status: RunStatus;
  readonly output: Json;
  readonly outputRef?: BlobRef;
  readonly error?: RunError;
}

/** Names of the interpreter's handlers. */
export const UPDATE_TELL = 'tell';
export const UPDATE_APPROVE = 'approve';
export const UPDATE_PAUSE = 'pause';
export const UPDATE_RESUME = 'resume';
export const QUERY_ASK = 'ask';
export const SIGNAL_EVENT = 'event';
/** A place of the workflow's `concurrency` may be free. */
export const SIGNAL_SLOT = 'slot';
/** From a run to the child workflows of its long loops. */
export const SIGNAL_PAUSE = 'pause';

/** The run is paused, or goes on. */
export interface PauseMessage {
  readonly paused: boolean;
  /** Of several the one with the highest count is the latest: they may overtake each other. */
  readonly count: number;
}

/** An event for waiting runs. `id` makes delivery idempotent. */
export interface EventMessage {
  readonly id: string;
  readonly name: string;
  /** Absent: reaches waits of any key. */
  readonly key?: string | null;
  readonly data: Json;
  /** ISO time of arrival. */
  readonly at: string;
  /** Tells the event from another one with the same id: a hash of its name, key and data. */
  readonly digest?: string;
  /** Told by a link of `notify`: ends the event wait at this step path and no other, or is refused. */
  readonly step?: string;
}

/** Decision on an approval. */
export interface ApproveMessage {
  /** Step path of the approval. */
  readonly step: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly comment?: string | null;
  readonly values?: Json;
}

/** Answer of the `ask` query: what the run is doing. */
export interface RunView {
  readonly runId: string;
  readonly status: RunStatus;
  readonly steps: readonly StepRecord[];
  readonly waits: readonly WaitRecord[];
  /** What a `respond` node answered, if one has. */
  readonly response?: Json;
}

/** One entry of the wait index. */
export interface WaitRecord {
  readonly step: string;
  readonly kind: 'timer' | 'event' | 'approval' | 'retry' | 'queue';
  readonly event?: string;
  readonly key?: string | null;
  /** ISO deadline, if it has one. */
  readonly until?: string | null;
  readonly since: string;
  readonly detail?: Json;
}

/** The run row as the interpreter writes it: an upsert, last write wins by (`segment`, `historyLength`). */
export interface RunRecord {
  readonly workspace: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly temporalRunId: string;
  readonly historyLength: number;
  /** How many continue-as-news came before this execution. */
  readonly segment: number;
  readonly workflow: string;
  readonly version: number | null;
  readonly trigger: TriggerInfo;
  /** Large fields of the trigger are left out: what an earlier write says of it stands. */
  readonly triggerInPart?: boolean;
  readonly status: RunStatus;
  readonly input: Json;
  readonly output: Json;
  readonly outputRef?: BlobRef | null;
  readonly error: RunError | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Steps that ended since the last write of this run. */
  readonly steps: readonly StepRecord[];
  /** The whole wait index of the run: replaces what was there. */
  readonly waits: readonly WaitRecord[];
  /** It holds, or queues for, a place of the workflow's `concurrency`: given back when the run ends. */
  readonly slot?: boolean;
}

/** A value with references to blobs beside it, by JSON Pointer into the value. */
export interface Enveloped {
  readonly value: unknown;
  /** `at`: where in `value`; `pointer`: which part of the blob; `inline`: values known without loading it. */
  readonly refs?: readonly {
    readonly at: string;
    readonly ref: BlobRef;
    readonly pointer?: string;
    readonly inline?: Readonly<Record<string, unknown>>;
  }[];
}

/** Parameters to resolve inside the activity, because they compute with data held by reference. */
export interface Deferred {
  readonly template: Template;
  /** The slice of scope the template reads. */
  readonly scope: Enveloped;
}

/**
 * Argument of every effect's activity. Everything an operator should see comes first; what says nothing is left out, for
 * each step writes it to history.
 */
export interface EffectRequest {
  /** Resolved parameters … */
  readonly with?: unknown;
  readonly refs?: Enveloped['refs'];
  /** … or what to resolve them from. */
  readonly deferred?: Deferred;
  /** … or a blob that holds either, when both are too large for history. */
  readonly stored?: BlobRef;
  readonly step: string;
  readonly type: string;
  readonly version: string;
  readonly workspace: string;
  readonly workflow: string;
  readonly runId: string;
  readonly connection?: string;
  /** Stable over retries, crashes and back-off: `workflowId/stepPath`. */
  readonly idempotencyKey: string;
  /** Attempts made before this activity (long back-off splits a node over several), if any. */
  readonly attemptsBefore?: number;
  /** Error codes, or prefixes ending in `*`, that are not retried, if any. */
  readonly giveUpOn?: readonly string[];
  /** JSON Pointers read downstream, if any: returned inline when the output goes by reference. */
  readonly inline?: readonly string[];
  /** For `workflow.run`: how many runs are above the one that calls, if any. */
  readonly depth?: number;
  /** For `notify`: mint `resume.url` for this approval or event wait. `at`: the run's clock. */
  readonly resume?: { readonly step: string; readonly at: string };
}

/** Result of every effect's activity. */
export interface EffectResult {
  readonly output?: Json;
  /** Set when the output is stored: `inline` then holds the values read downstream, by JSON Pointer. */
  readonly ref?: BlobRef;
  readonly inline?: Record<string, Json>;
  readonly meta: EffectMeta;
}

/** What the workflow cannot know by itself. */
export type EffectMeta = EffectTimes;

/** Details (first element) of the ApplicationFailure that an effect's activity throws. */
export interface EffectFailure extends EffectError {
  readonly meta: EffectMeta;
}
