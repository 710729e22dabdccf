import type { ZoneRules } from '../../expression/runtime.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Plan, PlanBody } from '../../plan/types.ts';
import type { Command } from './commands.ts';
import type { Closing, Evaluated, Place, SideStep, Step, UndoEntry, UndoFailure, UndoState } from './step.ts';
import type { RunError, RunStatus, StepRecord } from './types.ts';

/** What is fixed for the whole run and visible to every expression. */
export interface RunFacts {
  readonly trigger: JsonObject;
  readonly input: unknown;
  readonly vars: JsonObject;
  /** `run` in expressions: id, startedAt, workflow, version, url. */
  readonly run: JsonObject;
}

/** What expressions of a body see beside the run's facts. */
export interface Visible {
  /** `nodes.<id>` and `errors.<id>`. */
  nodes: Record<string, unknown>;
  errors: Record<string, unknown>;
  /** Loops around: `loops.<id>`. */
  loops: Record<string, { item?: unknown; index: number; state?: unknown }>;
  /** `item`, `index`, `state` of the innermost loops, and `error` where one is being handled. */
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
  /** `closing`: nothing new starts; what runs is being stopped. `undoing`: then the undo list. */
  phase: 'running' | 'closing' | 'undoing' | 'ended';
  closing?: Closing;
  undoing?: UndoState;
  /** Undo steps that failed in here or in what closed within it. */
  undoFailed: UndoFailure[];
  /** The resolved output, when an activity had to compute it. */
  evaluated?: Record<string, Evaluated>;
}

/** An event kept for a later wait. */
export interface KeptEvent {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
  readonly at: string;
  /** Told to this run: skips the key. */
  readonly told: boolean;
  /** Tells it from another event with the same id, if whoever sent it says so. */
  readonly digest?: string;
}

/** Everything that changes while a run goes on. Plain data: `snapshot.ts` turns it to JSON and back. */
export interface RunState {
  status: RunStatus;
  frames: Record<string, Frame>;
  /** What may start, in the order in which it will. */
  ready: ReadyEntry[];
  /** Effects among it for which there was no room. */
  held: ReadyEntry[];
  /** Notes and undo steps run beside the graph's steps, by path. */
  side: Record<string, SideStep>;
  timers: Record<string, number>;
  /** Values that activities are computing, by their path: who waits for them. */
  evaluations: Record<string, Place & { readonly key: string }>;
  /** Timers that fired while nothing could start. */
  due: string[];
  paused: boolean;
  /** It was told to cancel, whatever else closes it. */
  cancelled?: true;
  draining: boolean;
  /** Counts completions, for the order of undo. */
  seq: number;
  /** Counts what became ready or began to wait. */
  order: number;
  /** The generation to which what becomes ready now belongs. */
  generation: number;
  fuelUsed: number;
  fuelAtYield: number;
  inFlight: number;
  events: KeptEvent[];
  /** Ids of the last 1,000 events taken or kept. */
  seen: string[];
  /** Their digests, by id, as far as they have any. Runs that began earlier remember none. */
  digests?: Record<string, string>;
  response: Json | null;
  output: unknown;
  error: RunError | null;
  /** Steps that ended since the record was last written. */
  ended: StepRecord[];
}

/** A step to start or to go on with, or (`undo`) the next entry of an undo list. */
export interface ReadyEntry extends Place {
  readonly priority: number;
  readonly order: number;
  /** Entries of one generation became ready together. Absent in runs of version 1. */
  readonly generation?: number;
  /** `stop` and `fail`: these start first among their generation, by this number. */
  readonly end?: number;
  readonly undo?: true;
}

/** A run in memory: the plan, what is fixed, what changes, and what the driver must do next. */
export interface Run {
  readonly plan: Plan;
  /** What it does where versions of the interpreter differ (`versions.ts`). */
  readonly version: number;
  readonly root: PlanBody;
  readonly facts: RunFacts;
  readonly limits: RunLimits;
  /** Key of the outermost frame: '' but for a child workflow that runs part of a loop. */
  readonly rootKey: string;
  /** Index of the first item, for a child workflow that runs part of a list; it hands its undo list up. */
  readonly page: number;
  readonly paged: boolean;
  state: RunState;
  /** Drained by the driver after each call. */
  commands: Command[];
  /** Where each living step is, by path. */
  readonly places: Map<string, Place>;
  /** What follows from what has happened: internal, empty between calls. */
  readonly todo: Consequence[];
  /** Bytes of the commands given since the last yield for their sake. */
  commandBytes: number;
  /** Epoch ms, set by the driver with each call: the run's clock. */
  now: number;
  /** Rules of time zones, where nothing is replayed. Without them an activity computes what needs them. */
  readonly zones?: ZoneRules | undefined;
}

/** Caps of interpreter README §1. */
export interface RunLimits {
  /** Steps started by one call of `pump`. */
  readonly startsPerPump: number;
  /** Bytes of what steps are given between two yields: they may all travel in one message, of at most 4 MB. */
  readonly yieldBytes: number;
  readonly inFlight: number;
  readonly yieldFuel: number;
  /** Lists longer than this are run by child workflows, if the driver can. */
  readonly inlineItems: number;
}

/**
 * Something that follows from a change and is done once the change is complete, in order. It keeps a long chain of
 * skips or an undo list from growing the stack, and a body from changing while it is being walked.
 */
export type Consequence =
  /** A node has settled: its links settle, or its body closes. */
  | { readonly then: 'stepEnded'; readonly place: Place }
  /** All nodes of a body have settled. */
  | { readonly then: 'bodyDone'; readonly frame: string }
  /** A step of a closing body has stopped: the last lets the undo begin. */
  | { readonly then: 'stopped'; readonly frame: string }
  /** An item or round of a loop begins to close because of a failure. */
  | { readonly then: 'itemFailed'; readonly place: Place; readonly error: RunError }
  /** An undo list is through. */
  | { readonly then: 'undone'; readonly holder: Place }
  | { readonly then: 'undoStepEnded'; readonly step: SideStep }
  /** A body around a container closes. */
  | { readonly then: 'closeContainer'; readonly place: Place; readonly closing: Closing }
  /** A wait's `notify` has failed. */
  | { readonly then: 'failWait'; readonly place: Place; readonly error: RunError };
