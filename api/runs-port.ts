import type { Json } from '../graph/json.ts';
import type {
  ApproveMessage,
  EventMessage,
  OperateMessage,
  RunResult,
  RunView,
  ScheduleInput,
  StartInput,
  TriggerClaim,
} from '../workflows/contract.ts';

/** What the API asks of Temporal. `api/temporal/runs.ts` does it; tests fake it. All throw `RunsError`. */
export interface Runs {
  /** Starts a run; `duplicate` if its workflow id was used before, open or closed. */
  start(input: StartRun): Promise<{ duplicate: false; temporalRunId: string } | { duplicate: true }>;
  /** What Temporal knows about a run's newest execution, or null if there is none. */
  describe(workflowId: string): Promise<RunDescription | null>;
  /** Asks the run what it is doing. Needs a worker; `patiently` waits until one has taken over from one that died. */
  ask(workflowId: string, options?: { patiently?: boolean }): Promise<RunView>;
  /** Waits for the run's end, at most `timeoutMs`; null if the run is still open then. */
  result(workflowId: string, timeoutMs: number, signal?: AbortSignal): Promise<RunOutcome | null>;
  /** Asks the run to cancel; false if Temporal does not know the run. If the run has ended, either may come back. */
  cancel(workflowId: string, reason: string | undefined): Promise<boolean>;
  /** Delivers an event to a run that may wait for it; false if it has ended. */
  event(workflowId: string, event: EventMessage): Promise<boolean>;
  /** Delivers an event meant for this run alone. A message sent again under the same `updateId` is the same message. */
  tell(workflowId: string, event: EventMessage, updateId?: string): Promise<void>;
  /** Decides an approval; `updateId` as above. */
  approve(workflowId: string, message: ApproveMessage, updateId?: string): Promise<void>;
  /** Tells a run that waits in line to ask for its place again; false if it has ended. */
  askAgain(workflowId: string): Promise<boolean>;
  /** Does something to a step, once for each id of a message. */
  operate(workflowId: string, message: OperateMessage): Promise<void>;
  /** Ends a run as it is: nothing is undone. False if it has ended, or Temporal does not know it. */
  terminate(workflowId: string, reason: string): Promise<boolean>;
  /** Workflow ids of runs of a workspace, and of what they have called, that were ended from outside since then. */
  endedFromOutside(workspace: string, since: Date): Promise<readonly string[]>;
  /** Workflow ids of what a run has called and waits for: runs, and chains of its long loops. */
  called(workflowId: string): Promise<readonly string[]>;
  /** The start of a run, or null if Temporal does not know it. */
  startOf(workflowId: string): Promise<StartInput | null>;
  readonly activities: StepActivities;
  pause(workflowId: string): Promise<void>;
  resume(workflowId: string): Promise<void>;
  /** Sees to it that a workflow watches for a trigger, and lets it look now. It goes on from where it is. */
  watch(trigger: TriggerClaim): Promise<void>;
  /** Lets a watch look now; false if there is none. */
  hint(trigger: WatchedTrigger): Promise<boolean>;
  /** Ends a watch, and with it what it knew; false if there is none. */
  unwatch(trigger: WatchedTrigger): Promise<boolean>;
  readonly schedules: Schedules;
  /** Whether Temporal answers, and whether a worker polls the task queue. */
  health(): Promise<{ temporal: boolean; worker: boolean }>;
  /** Version of the server; null if it does not answer. */
  version(): Promise<string | null>;
  /** What waits in each task queue, and who serves it. */
  queues(): Promise<QueueState[]>;
  close(): Promise<void>;
}

/** A task queue of Temporal. */
export interface QueueState {
  readonly name: string;
  /** What its tasks do: move runs on, or do their steps. */
  readonly of: 'runs' | 'steps';
  readonly waiting: number;
  /** How long the first one waits. */
  readonly oldestMs: number;
  readonly addedPerSecond: number;
  readonly takenPerSecond: number;
  /** Those that have asked for tasks in the last minutes. */
  readonly workers: { readonly identity: string; readonly lastSeenAt: string | null }[];
}

/** The activities of a run that have not ended, as Temporal keeps them. An id is a step path, or `path#n` after a long back-off. */
export interface StepActivities {
  pending(workflowId: string): Promise<readonly RunActivity[]>;
  /** No further attempt begins until `unpause`, which begins one at once. A running attempt may end. What is paused stays so. */
  pause(workflowId: string, id: string, reason: string): Promise<void>;
  unpause(workflowId: string, id: string): Promise<void>;
  /** The activity begins anew: its attempts count from 1. */
  reset(workflowId: string, id: string, how: { keepPaused: boolean; resetHeartbeat: boolean }): Promise<void>;
  change(workflowId: string, id: string, options: StepOptions): Promise<void>;
}

/** What may be changed of a running activity; `original`: as it began. */
export type StepOptions =
  | 'original'
  | {
      readonly timeoutMs?: number;
      readonly attemptTimeoutMs?: number;
      readonly maxAttempts?: number;
      readonly delayMs?: number;
      readonly maxDelayMs?: number;
      readonly factor?: number;
    };

/** An activity that has not ended. */
export interface RunActivity extends PendingStep {
  readonly id: string;
  readonly paused: boolean;
}

/** A trigger for which a workflow watches. */
export type WatchedTrigger = Omit<TriggerClaim, 'mac'>;

/** Schedules in Temporal, by id. */
export interface Schedules {
  /** Makes a schedule as wanted, and makes it run. Resolves once it does. Changes nothing if it is so already, or if a later change was made. */
  put(schedule: WantedSchedule): Promise<void>;
  /** Keeps a schedule from firing. */
  pause(id: string, note: string): Promise<void>;
  /** Removes a schedule, if there is one. */
  remove(id: string): Promise<void>;
  /** Fires for the times between two moments, both included; false if there is no such schedule. */
  backfill(id: string, range: { from: number; to: number; overlap: ScheduleInput['overlap'] }): Promise<boolean>;
}

export interface WantedSchedule {
  readonly id: string;
  /** Expressions of seven fields, the second first and the year last. */
  readonly cron: readonly string[];
  readonly everyMs: number | null;
  /** Instants at which it fires besides. */
  readonly moments: readonly number[];
  readonly timezone: string;
  readonly startAt: number | null;
  readonly endAt: number | null;
  readonly jitterMs: number;
  readonly catchUpMs: number;
  readonly note: string;
  /** What each firing is started with. */
  readonly input: ScheduleInput;
}

export interface StartRun {
  readonly workflowId: string;
  readonly input: StartInput;
  /** Shown in lists of the Temporal UI. */
  readonly label: string;
  /** Hash of the request, kept in the memo: a repeated key must come with the same hash. */
  readonly bodyHash: string;
}

export interface RunDescription {
  readonly temporalRunId: string;
  readonly open: boolean;
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly bodyHash: string | null;
}

/** A step that is being done, or waits for its next attempt. Times are ISO times, null if there is none. */
export interface PendingStep {
  readonly state: 'scheduled' | 'started' | 'paused' | 'stopping';
  readonly attempt: number;
  /** Null: as many as fit into its time. */
  readonly maxAttempts: number | null;
  readonly lastError: { readonly code: string | null; readonly message: string } | null;
  readonly scheduledAt: string | null;
  readonly startedAt: string | null;
  readonly nextAttemptAt: string | null;
  readonly heartbeatAt: string | null;
  readonly heartbeat: Json;
  /** The worker that had it last. */
  readonly worker: string | null;
}

/** How a run ended. */
export type RunOutcome = Pick<RunResult, 'status' | 'output' | 'outputRef' | 'error'>;

/** A failure of Temporal or of the run that was asked, in the API's terms. */
export class RunsError extends Error {
  override readonly name = 'RunsError';
  readonly code:
    | 'temporal.unavailable'
    | 'run.notFound'
    | 'run.ended'
    | 'worker.unavailable'
    /** The step that was named is not running. */
    | 'step.notOpen'
    /** This Temporal server has no such operation. */
    | 'temporal.unsupported'
    /** The run's validator or handler refused; `message` is its own. */
    | 'update.refused';
  /** The failure's own type and details, if the run refused. */
  readonly type: string | undefined;
  readonly details: Json | undefined;

  constructor(
    code: RunsError['code'],
    message: string,
    options: { type?: string; details?: Json; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.type = options.type;
    this.details = options.details;
  }
}
