import type { Json } from '../../json.ts';
import type { PlanInline } from '../../plan/types.ts';
import type { EffectCall } from './commands.ts';
import type { RunError, StepStatus } from './types.ts';

/** A step of the graph, or (node −1) a frame as a whole. */
export interface Place {
  readonly frame: string;
  readonly node: number;
}

/** One execution of one node. */
export interface Step {
  readonly path: string;
  status: 'ready' | StepStatus;
  port: string | null;
  output: unknown;
  error: RunError | null;
  input?: unknown;
  startedAt: number | null;
  endedAt: number | null;
  attempts: number;
  /** The results of `evaluate` activities, by parameter. */
  evaluated?: Record<string, Evaluated>;
  effect?: EffectState;
  wait?: WaitState;
  container?: ContainerState;
}

/** A value computed by an activity, or why there is none. */
export type Evaluated =
  | { readonly value: unknown }
  | { readonly error: { readonly code: string; readonly message: string } };

/** A running effect. */
export interface EffectState {
  /** Activities started so far; more than one only after a long back-off. */
  segment: number;
  phase: 'running' | 'backoff' | 'cancelling' | 'child';
  /** The run that `workflow.run` waits for. */
  child?: { readonly workflowId: string; readonly runId: string };
  /** Set when the node's timeout expired while the called run goes on: the error once that run has stopped. */
  overdue?: RunError;
  /** It has had its one extra attempt, granted because the worker was lost during the last attempt. */
  spared?: boolean;
  request: EffectCall;
  /** Bytes counted for the request. */
  readonly bytes?: number;
  /** Epoch ms by which all attempts must be over. */
  deadline: number;
  /** Since when its connection has had no access (epoch ms). */
  expiredSince?: number;
  /** Epoch ms at which the activity, or the back-off, began. */
  since: number;
  /** Which effects began together with it (`steps/room.ts`). */
  cohort?: number;
}

/** A wait that has not ended: timer, event or approval. */
export interface WaitState {
  readonly kind: 'timer' | 'event' | 'approval';
  readonly event?: string;
  readonly key?: string | null;
  readonly detail?: Json;
  readonly until: number | null;
  readonly deadline: number | null;
  readonly since: number;
  /** Shows which wait for events began first. */
  readonly order: number;
}

/** A running container. */
export interface ContainerState {
  undo: UndoEntry[];
  /** Undo steps that failed in bodies that closed within it. */
  undoFailed: UndoFailure[];
  /** The error it will fail with once everything inside has stopped and been undone. */
  failing?: RunError;
  /** Set if it is closed from outside (a cancel, the failure of an enclosing body): no link handles that. */
  closing?: Closing;
  undoing?: UndoState;
  loop?: LoopState;
  attempt?: TryState;
  race?: { winner: number | null; output: unknown };
}

export interface LoopState {
  /** The list of a forEach, unless child workflows hold it. */
  items?: readonly unknown[];
  /** True while child workflows run it. */
  chained?: boolean;
  total: number;
  /** The number of items given, because `total` may count batches. */
  count?: number;
  next: number;
  active: number;
  concurrency: number;
  continueOnError: boolean;
  results: unknown[];
  errors: { index: number; error: RunError }[];
  /** Bytes counted for items, results, errors and state. */
  bytes?: number;
  /** `while`: the current state, and the maximum number of rounds (null: unlimited). */
  state?: unknown;
  max?: number | null;
}

export interface TryState {
  stage: 'body' | 'catch' | 'finally';
  output: unknown;
  error: RunError | null;
  caught: RunError | null;
}

/** Why a body closes early, and what follows. */
export interface Closing {
  /** `decided`: the body is a race that has been won, and the other branches close. */
  readonly reason: 'failed' | 'cancelled' | 'timeout' | 'stopped' | 'decided';
  readonly error: RunError;
  /** The enclosing body closes, too: the undo list is handed on to it, and both are undone together. */
  readonly handsOn?: true;
}

/** How to undo one finished effect, with everything that takes, because its frame may be gone by then. */
export interface UndoEntry {
  /** Epoch ms of completion: the newest is undone first. Absent in entries from a version that did not note it. */
  readonly at?: number;
  /** Order of completion within the run, or within one chain of a long loop. */
  readonly seq: number;
  readonly path: string;
  readonly node: string;
  /** Index of its node in the body whose list it is on, because a race keeps the entries of the winner's branch. */
  readonly index: number;
  readonly inline: PlanInline;
  /** What its parameters read, except what is fixed for the run. */
  readonly scope: Record<string, unknown>;
}

/** An undo list being undone: newest completion first, one at a time. */
export interface UndoState {
  /** The next entry to undo is the last. */
  entries: UndoEntry[];
}

/** An undo step that failed; `error.undo` lists it. */
export interface UndoFailure {
  readonly step: string;
  readonly error: Json;
}

/** A running inline effect: `notify` of a wait, or `compensate` of an undo list. */
export interface SideStep extends Step {
  readonly role: 'notify' | 'compensate';
  readonly uses: string;
  /** The wait's node, or the node being undone. */
  readonly node: string;
  /** Where the answer goes: the waiting step, or the frame or container whose list is being undone. */
  readonly holder: Place;
}
