/**
 * What the API, the worker, the activities and the tests share with the interpreter: names, ids, and the shapes that
 * cross the boundary. They are in the histories of running workflows, so they may grow but never change.
 */

import type { Template } from '../graph/expression/types.ts';
import type { Json, JsonObject } from '../graph/json.ts';
import type { PackedPlan } from '../graph/plan/pack.ts';
import type { EffectError } from '../graph/run-state/effects/effects.ts';
import type { TakenSteps } from '../graph/run-state/state/taken.ts';
import type { EffectTimes, RunError, RunStatus, StepRecord } from '../graph/run-state/state/types.ts';
import type { TriggerInfo } from '../graph/start/trigger-info.ts';

/** Part of every start input. */
export { INTERPRETER_VERSION } from '../graph/sandbox.ts';
export {
  type ApproveMessage,
  type EventMessage,
  type OperateMessage,
  type PauseMessage,
  UPDATE_OPERATE,
} from './control-contract.ts';
export type { TriggerInfo };

/** Task queue of the interpreter and of node types that name no other. */
export const TASK_QUEUE = 'blok';

/** Task queue of a worker: `blok`, `blok-code`, and `blok-crowd`, `blok-code-crowd` for what one run has too much of. */
export const taskQueueOf = (main: string, { queue, crowd }: { queue?: string; crowd?: boolean }): string =>
  [main, ...(queue ? [queue] : []), ...(crowd ? [CROWD] : [])].join('-');

const CROWD = 'crowd';

/** Whether a task queue is one for what runs have too much of. */
export const isCrowd = (taskQueue: string): boolean => taskQueue.endsWith(`-${CROWD}`);

/**
 * Key by which Temporal shares a task queue among runs: each run gets its turns, and a workspace with many runs at most
 * 32 shares, because run ids end in one of 32 characters.
 */
export const fairnessKeyOf = ({ workspace, runId }: Pick<StartInput, 'workspace' | 'runId'>): string =>
  `${workspace.slice(0, 60)}/${runId.at(-1)}`;

/** How Temporal orders what a run asks for: its tasks, the tasks of its steps, and of what it starts. */
export const priorityOf = (
  start: Pick<StartInput, 'workspace' | 'runId' | 'priority'>,
): { readonly fairnessKey: string; readonly priorityKey?: number } => ({
  fairnessKey: fairnessKeyOf(start),
  ...(start.priority === undefined ? {} : { priorityKey: start.priority }),
});

/** Begins the message with which a workflow task fails whose run began under a newer interpreter. */
export const UNKNOWN_VERSION = 'This worker does not know interpreter version';

/** Code of a run that was ended because its workflow tasks crashed workers. The reason of its termination begins with it. */
export const RUN_CRASHED = 'run.crashed';

/** Memo of a called run that no run waits for. */
export const INDEPENDENT = 'independent';

/** Workflow type of a run: the workflow's slug with a suffix no internal workflow can have. */
export const workflowType = (slug: string): string => `${slug}~v1`;

/** The four static Keyword search attributes of every run. */
export const SEARCH_ATTRIBUTES = ['BlokWorkspace', 'BlokWorkflow', 'BlokVersion', 'BlokTrigger'] as const;

/** Values of these attributes for one run. */
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

/**
 * Content-addressed bytes in the workspace's blob store. A reference travels beside the data; it is never recognised by
 * its shape.
 */
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
  /** Published version, or null for a run whose graph was sent along. */
  readonly version: number | null;
  /** The product's run id: `runIdOf(workflowId)`. */
  readonly runId: string;
  readonly plan: PackedPlan | { readonly blob: BlobRef };
  readonly trigger: TriggerInfo;
  /** Fields of `trigger` that are stored as blobs and are null in `trigger`. */
  readonly triggerByReference?: Readonly<Record<string, BlobRef>>;
  readonly input: Json | { readonly blob: BlobRef };
  /** True if `input` is a blob reference. A field of its own, so that no input can pretend to be a reference. */
  readonly inputByReference?: boolean;
  readonly planByReference?: boolean;
  /** Values of every variable of the graph, frozen for the run. */
  readonly vars: JsonObject;
  /** Address of the run in the product's UI or API. */
  readonly url: string;
  /** ISO time at which the run's first execution began. */
  readonly startedAt?: string;
  /** How many runs are above this run, each started by the one above. Absent: no run started this run. */
  readonly depth?: number;
  /** 1 goes first, 5 last. Absent: the graph does not say, which is 3. */
  readonly priority?: number;
  /** Id of the run that this one repeats. */
  readonly replayedFrom?: string;
  /** Steps that are taken over instead of executed. */
  readonly taken?: { readonly value: TakenSteps } | { readonly blob: BlobRef };
  /** Present after continue-as-new: the state of the run, or the blob that holds it. */
  readonly snapshot?: RunSnapshot | { readonly blob: BlobRef };
  /** How many executions came before this one. */
  readonly segment?: number;
  /** Absent only in runs that began before starts were signed. */
  readonly proof?: StartProof;
}

/** Proof that Blok made a start. */
export interface StartProof {
  /** SHA-256 of the start: `graph/start/digest.ts`. The interpreter compares it with the start. */
  readonly digest: string;
  /** HMAC over the identity of the run and the digest: `db/secrets/start-signature.ts`. Activities check it. */
  readonly mac: string;
}

/** A trigger of a published workflow, as the workflows that watch for it name it. */
export interface TriggerClaim {
  readonly workspace: string;
  /** Slug of the workflow. */
  readonly workflow: string;
  /** Id of the trigger. */
  readonly trigger: string;
  /** HMAC over the three: `db/secrets/start-signature.ts`. Activities check it. */
  readonly mac: string;
}

/** Begins the workflow id of whatever watches for a trigger. No run has such an id, because no trigger has such a name. */
export const triggerWorkflowId = ({ workspace, workflow, trigger }: Omit<TriggerClaim, 'mac'>): string =>
  `${workspace}/${workflow}/${trigger}~`;

/** Workflow type of what watches for a trigger that is polled. */
export const WATCH_WORKFLOW = 'blokWatch';

/** Id of the workflow that watches for a trigger. */
export const watchWorkflowId = (trigger: Omit<TriggerClaim, 'mac'>): string => `${triggerWorkflowId(trigger)}watch`;

/** Tells a watch to look now: something may be new, or the trigger was changed or switched. */
export const SIGNAL_HINT = 'hint';

/** Input of a watch. Only `claim` is given at its start. */
export interface WatchInput {
  readonly claim: TriggerClaim;
  /** After continue-as-new: where the watch is. */
  readonly place?: WatchPlace;
  /** Looks that failed, one after the other. */
  readonly failures?: number;
  /** The trigger was switched off when the watch last looked. */
  readonly wasOff?: boolean;
}

/** Where a watch is. */
export interface WatchPlace {
  /** The cursor of its provider, or the blob that holds it. */
  readonly cursor: { readonly value: Json } | { readonly blob: BlobRef };
  /** What the cursor belongs to: a hash of type, connection and what is watched. */
  readonly mark: string;
}

/** What each firing of a schedule is started with. */
export interface ScheduleInput {
  readonly claim: TriggerClaim;
  /** Cron expressions, and the zone in which they are read; none if the schedule fires at intervals. */
  readonly cron: readonly string[];
  readonly timezone: string;
  readonly overlap: 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';
  /** What is wanted of the schedule, as a hash, and which change of the trigger wanted it. */
  readonly wanted: { readonly hash: string; readonly revision: number };
}

/** Type of the workflow that a schedule starts. */
export const SCHEDULE_WORKFLOW = 'blokSchedule';

/**
 * Name of the header in which a workflow tells each of its activities for which run it works: a `RunClaim`, or, of a run
 * that asks in short (`asked-in-short.ts`), the bytes of `packProof`.
 */
export const CLAIM_HEADER = 'blok';

/** What a workflow says about its run. */
export interface RunClaim {
  readonly workspace: string;
  readonly workflow: string;
  readonly runId: string;
  readonly proof: StartProof;
  /** The run's workflow id, if it is another one: a chain of a long loop works for a run. */
  readonly workflowId?: string;
}

/** What a run can say about itself, if its start was signed. */
export const claimOf = (start: Pick<StartInput, 'workspace' | 'workflow' | 'runId' | 'proof'>): RunClaim | undefined =>
  start.proof && { workspace: start.workspace, workflow: start.workflow, runId: start.runId, proof: start.proof };

/** A run between two executions: the reducer's state, and what the driver had in flight. */
export interface RunSnapshot {
  readonly state: Enveloped;
  /** The run has not begun: it waits for its place under the workflow's `concurrency` or `rateLimit`. */
  readonly queued?: true;
  /** Number of steps that ended in earlier executions. */
  readonly stepsDone: number;
  /** Child workflows of long loops, by step path. */
  readonly chains: Readonly<Record<string, { readonly workflowIds: readonly string[]; readonly count: number }>>;
  /** How often the run was paused or resumed. */
  readonly pauses?: number;
}

/** What a run returns to Temporal, and so to everyone who waits for the run. */
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
/** A place under the workflow's `concurrency` or `rateLimit` may be free. */
export const SIGNAL_SLOT = 'slot';
/** From a run to the child workflows of its long loops. */
export const SIGNAL_PAUSE = 'pause';

/** Answer of the `ask` query: what the run is doing. */
export interface RunView {
  readonly runId: string;
  readonly status: RunStatus;
  readonly steps: readonly StepRecord[];
  readonly waits: readonly WaitRecord[];
  /** What a `respond` node answered; null if none has. Absent: one has, and the answer is too large to be told. */
  readonly response?: Json;
}

/** One entry of the wait index. */
export interface WaitRecord {
  readonly step: string;
  readonly kind: 'timer' | 'event' | 'approval' | 'retry' | 'queue';
  readonly event?: string;
  readonly key?: string | null;
  /** ISO deadline, if the wait has one. */
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
  /** How many executions came before this one. */
  readonly segment: number;
  readonly workflow: string;
  readonly version: number | null;
  readonly trigger: TriggerInfo;
  /** Large fields of the trigger are left out: the trigger of an earlier write stays. */
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
  /** The whole wait index of the run. It replaces the previous one. */
  readonly waits: readonly WaitRecord[];
  /**
   * The run holds or queues for a place under the workflow's `concurrency` or `rateLimit`. The place is given back when
   * the run ends.
   */
  readonly slot?: boolean;
  /** Id of the run that this one repeats. */
  readonly replayedFrom?: string;
  /** How many runs are above the run, if any. */
  readonly depth?: number;
  /** In the closing record of a run whose caller may wait: what a `respond` has answered. */
  readonly response?: Enveloped;
}

/** A value with references to blobs beside it, by JSON Pointer into the value. */
export interface Enveloped {
  readonly value: unknown;
  /** `at`: where in `value`; `pointer`: which part of the blob; `inline`: values known without loading the blob. */
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

/** Which step of which run a request is for. */
export interface StepNames {
  readonly step: string;
  readonly type: string;
  /** The major version alone, if the step was asked for in short. */
  readonly version: string;
  readonly workspace: string;
  readonly workflow: string;
  readonly runId: string;
  /** Stable over retries, crashes and back-off: `workflowId/stepPath`. */
  readonly idempotencyKey: string;
}

/**
 * Argument of every effect's activity, as it is sent. A run that asks in short (`asked-in-short.ts`) leaves the names out:
 * Temporal has them in the ids of workflow and activity and in the activity's type.
 */
export type SentRequest = StepRequest & Partial<StepNames>;

/** The same as the activity reads it. */
export interface EffectRequest extends StepRequest, StepNames {}

/**
 * What is asked of a step. Everything an operator should see comes first. Fields that say nothing are left out, because
 * each step writes its request to history.
 */
interface StepRequest {
  /** Resolved parameters … */
  readonly with?: unknown;
  readonly refs?: Enveloped['refs'];
  /** … or what to resolve them from. */
  readonly deferred?: Deferred;
  /** … or a blob that holds one of the two, if that is too large for history. */
  readonly stored?: BlobRef;
  readonly connection?: string;
  /** Attempts made before this activity, if any. (A long back-off splits a node over several activities.) */
  readonly attemptsBefore?: number;
  /** Error codes, or prefixes ending in `*`, that are not retried, if any. */
  readonly giveUpOn?: readonly string[];
  /** JSON Pointers read downstream, if any: returned inline when the output goes by reference. */
  readonly inline?: readonly string[];
  /** For node types that start runs: how many runs are above the run of the step, if any. */
  readonly depth?: number;
  /**
   * For a node type with a queue: how long an attempt may take, and the node as a whole, in milliseconds. The worker
   * keeps these limits, because Temporal would count the wait for a turn, too.
   */
  readonly limits?: { readonly attemptMs: number; readonly timeoutMs: number };
  /** For `notify`: mint `resume.url` for this approval or event wait. `at`: the run's clock. */
  readonly resume?: { readonly step: string; readonly at: string };
}

/** Result of every effect's activity. */
export interface EffectResult {
  readonly output?: Json;
  /** Set when the output is stored: `inline` then holds the values read downstream, by JSON Pointer. */
  readonly ref?: BlobRef;
  readonly inline?: Record<string, Json>;
  /** The worker stopped before the step had its turn: nothing has happened, and another worker should take the step. */
  readonly handedBack?: true;
  readonly meta: EffectMeta;
}

/** What the workflow cannot know by itself. */
export type EffectMeta = EffectTimes;

/** Details (first element) of the ApplicationFailure that an effect's activity throws. */
export interface EffectFailure extends EffectError {
  readonly meta: EffectMeta;
}
