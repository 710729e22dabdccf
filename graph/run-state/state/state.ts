import type { ZoneRules } from '../../expression/runtime.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Plan, PlanBody } from '../../plan/types.ts';
import type { Command } from './commands.ts';
import type { Closing, Evaluated, Place, SideStep, Step, UndoEntry, UndoFailure, UndoState } from './step.ts';
import type { TakenSteps } from './taken.ts';
import type { RunError, RunStatus, StepRecord } from './types.ts';

/** What is fixed for the whole run and visible to every expression. */
export interface RunFacts {
  readonly trigger: JsonObject;
  readonly input: unknown;
  readonly vars: JsonObject;
  /** `run` in expressions: id, startedAt, workflow, version, url. */
  readonly run: JsonObject;
}

/** What expressions of a body see in addition to the run's facts. */
export interface Visible {
  /** `nodes.<id>` and `errors.<id>`. */
  nodes: Record<string, unknown>;
  errors: Record<string, unknown>;
  /** The enclosing loops: `loops.<id>`. */
  loops: Record<string, { item?: unknown; index: number; state?: unknown }>;
  /** `item`, `index`, `state` of the innermost loops, and `error` if an error is being handled. */
  local: Record<string, unknown>;
}

/** Which body of its container a frame runs. */
export type FramePart = 'root' | 'body' | 'item' | 'round' | 'catch' | 'finally';

/** One execution of one body. */
export interface Frame {
  /** Prefix of its step paths: '' | `each[3]` | `load` | `load.catch`. */
  readonly key: string;
  readonly part: FramePart;
  /** The container step that runs it; null for the root. */
  readonly owner: Place | null;
  readonly index?: number;
  readonly item?: unknown;
  readonly state?: unknown;
  /** The error in scope of a `catch` or `finally`. */
  readonly handling?: RunError | null;
  readonly visible: Visible;
  /** By node index; absent until the node is ready or skipped. */
  readonly steps: (Step | undefined)[];
  /** Per node: links not yet settled, and links that are live. */
  readonly unsettled: number[];
  readonly live: number[];
  /** Nodes not yet settled. */
  pending: number;
  undo: UndoEntry[];
  /** `closing`: nothing new starts, and running steps are being stopped. `undoing`: then the undo list is undone. */
  phase: 'running' | 'closing' | 'undoing' | 'ended';
  closing?: Closing;
  undoing?: UndoState;
  /** Undo steps that failed in this frame or in bodies that closed within it. */
  undoFailed: UndoFailure[];
  /** The resolved output, when an activity had to compute it. */
  evaluated?: Record<string, Evaluated>;
  /** Bytes counted for it and its steps. */
  bytes?: number;
}

/** An event kept for a later wait. */
export interface KeptEvent {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
  readonly at: string;
  /** Sent to this run directly: the key is not compared. */
  readonly told: boolean;
  /** Distinguishes it from another event with the same id, if the sender gave a digest. */
  readonly digest?: string;
}

/** Everything that changes while a run goes on. Plain data: `snapshot.ts` turns it into JSON and back. */
export interface RunState {
  status: RunStatus;
  frames: Record<string, Frame>;
  /** What may start, in the order in which it will. */
  ready: ReadyEntry[];
  /** Effects taken off the ready list because there was no room for them. */
  held: ReadyEntry[];
  /** The same of effects of a queue that takes only some, by queue. */
  heldOf?: Record<string, ReadyEntry[]>;
  /** `notify` and undo steps that run beside the graph's steps, by path. */
  side: Record<string, SideStep>;
  timers: Record<string, number>;
  /** Values that activities are computing: the step or frame that waits for each, by the path of the value. */
  evaluations: Record<string, Place & { readonly key: string }>;
  /** Timers that fired while the run was paused or draining. */
  due: string[];
  paused: boolean;
  /** The run was told to cancel, whatever else closes it. */
  cancelled?: true;
  draining: boolean;
  /** Counts completions, for the order of undo. */
  seq: number;
  /** Counts the steps that became ready or began to wait. */
  order: number;
  /** The generation of steps that become ready now. */
  generation: number;
  fuelUsed: number;
  fuelAtYield: number;
  /** How much the run may compute before it has to rest. Absent until the run has yielded. */
  pace?: Pace;
  inFlight: number;
  /** How many of them are of a queue that takes only some, by queue. */
  inFlightOf?: Record<string, number>;
  /** How many may be in flight now. Absent in runs that began before that number grew, and before the first effect. */
  room?: Room;
  /** Bytes that the run holds. Absent in runs that began before bytes were counted. */
  bytes?: number;
  /** Bytes of the records in `ended`. */
  recordBytes?: number;
  events: KeptEvent[];
  /** Ids of the last operators' requests that were carried out. */
  operated?: string[];
  /** Ids of the last 1,000 events taken or kept. */
  seen: string[];
  /** The digests of these events, by id, if they have one. Absent in runs that began before digests were kept. */
  digests?: Record<string, string>;
  response: Json | null;
  output: unknown;
  error: RunError | null;
  /** Steps that ended since the record was last written. */
  ended: StepRecord[];
}

/** What a run had left to compute at a moment, and all the fuel that it had used by then. */
export interface Pace {
  readonly left: number;
  readonly at: number;
  readonly fuelUsed: number;
}

/** How many effects may be in flight (`steps/room.ts`), and what is known of those that are. */
export interface Room {
  most: number;
  /** The number of the cohort to which what begins now belongs. A timer begins a cohort. */
  readonly cohort: number;
  /** How many of this cohort are in flight. */
  fresh: number;
  /** How many effects have ended since it began that took less than a second. */
  quick: number;
}

/** A step to start or to go on with, or (`undo`) the next entry of an undo list. */
export interface ReadyEntry extends Place {
  readonly priority: number;
  readonly order: number;
  /** Entries of one generation became ready together. Absent in runs of version 1. */
  readonly generation?: number;
  /** Set for `stop` and `fail`: they start first in their generation, in the order of this number. */
  readonly end?: number;
  readonly undo?: true;
}

/** A run in memory: the plan, what is fixed, what changes, and what the driver must do next. */
export interface Run {
  readonly plan: Plan;
  /** The version whose behaviour it follows where versions of the interpreter differ (`versions.ts`). */
  readonly version: number;
  readonly root: PlanBody;
  readonly facts: RunFacts;
  readonly limits: RunLimits;
  /** Key of the outermost frame: '', except in a child workflow that runs part of a loop. */
  readonly rootKey: string;
  /** Index of the first item, for a child workflow that runs part of a list; it hands its undo list up. */
  readonly page: number;
  readonly paged: boolean;
  state: RunState;
  /** Drained by the driver after each call. */
  commands: Command[];
  /** The place of each step that has not ended, by path. */
  readonly places: Map<string, Place>;
  /** Consequences not yet carried out: internal, empty when `pump` finds nothing more to do. */
  readonly todo: Consequence[];
  /** Bytes of the commands given since the run last yielded because of `yieldBytes`. */
  commandBytes: number;
  /** Epoch ms, set by the driver with each call: the run's clock. */
  now: number;
  /** Time zone rules, if the run is never replayed. Without them, an activity computes every value that needs them. */
  readonly zones?: ZoneRules | undefined;
  /** Steps that are not executed, because it is known how they end. */
  readonly taken?: TakenSteps | undefined;
}

/** Caps of interpreter README §1. */
export interface RunLimits {
  /** Steps started by one call of `pump`. */
  readonly startsPerPump: number;
  /** Bytes of all step inputs between two yields: they may all travel in one message, which holds at most 4 MB. */
  readonly yieldBytes: number;
  readonly inFlight: number;
  /** The same for effects of queues that take fewer. */
  readonly ofQueue: Readonly<Record<string, number>>;
  /** How many effects may be in flight at first. */
  readonly atFirst: number;
  readonly yieldFuel: number;
  /** Most bytes that the run holds. */
  readonly bytes: number;
  /** Lists longer than this are run by child workflows, if the driver can. */
  readonly inlineItems: number;
}

/**
 * Something that follows from a change and is done, in order, once the change is complete. Consequences keep a long
 * chain of skips or an undo list from growing the stack, and a body from changing while it is being walked.
 */
export type Consequence =
  /** A node has settled: its links settle, or its body closes. */
  | { readonly then: 'stepEnded'; readonly place: Place }
  /** All nodes of a body have settled. */
  | { readonly then: 'bodyDone'; readonly frame: string }
  /** A step of a closing body has stopped; when the last one has, the undo begins. */
  | { readonly then: 'stopped'; readonly frame: string }
  /** An item or round of a loop begins to close because of a failure. */
  | { readonly then: 'itemFailed'; readonly place: Place; readonly error: RunError }
  /** An undo list is finished. */
  | { readonly then: 'undone'; readonly holder: Place }
  | { readonly then: 'undoStepEnded'; readonly step: SideStep }
  /** A body around a container closes. */
  | { readonly then: 'closeContainer'; readonly place: Place; readonly closing: Closing }
  /** A wait's `notify` has failed. */
  | { readonly then: 'failWait'; readonly place: Place; readonly error: RunError };
