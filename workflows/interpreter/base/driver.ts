import { CancellationScope } from '@temporalio/workflow';
import type { Run } from '../../../graph/sandbox.ts';
import { asksInShort } from '../../asked-in-short.ts';
import type { RunSnapshot, StartInput } from '../../contract.ts';
import type { Scope } from './scope.ts';
import { newStepScopes, type StepScopes } from './step-scopes.ts';

/** What the durable driver keeps apart from the run: work in flight in Temporal, and results that have come back. */
export interface Driver {
  readonly run: Run;
  readonly input: StartInput;
  /** The run's Temporal workflow id: idempotency keys begin with it. */
  readonly workflowId: string;
  /** Requests to steps leave out what Temporal tells their worker. */
  readonly asksInShort: boolean;
  /** Completions not yet settled, in order of arrival. They are settled one at a time (interpreter README §2). */
  readonly inbox: (() => void)[];
  /** Everything is started in this scope. When a run is cancelled, the run itself decides what stops. */
  readonly scope: Scope;
  /** Scopes of the effects in flight, by step path. */
  readonly effects: Map<string, Scope>;
  readonly stepScopes: StepScopes;
  /** In earlier versions, effects of one body share a scope. */
  readonly bodies: WeakMap<object, Scope>;
  /** Effects in the first line of each queue, and until when at most (`steps/lines.ts`). */
  readonly lines: Map<string, Map<string, number>>;
  /** Scopes of timers and evaluations, by key. */
  readonly scopes: Map<string, Scope>;
  /** Child workflows of long loops, by step path. They outlive a continue-as-new. */
  readonly chains: Map<string, ChainSet>;
  /** Long loops whose child workflows are being started, by step path. */
  readonly beginning: Map<string, { cancelled: boolean }>;
  /** Workflow ids of runs that `workflow.run` steps wait for, by step path. */
  readonly children: Map<string, string>;
  /** Messages to other workflows that are not delivered yet, and called runs that have not begun yet. */
  outbox: number;
  /** Fulfilled once all values whose storing has begun are stored. */
  kept: Promise<void>;
  /** How often the run was paused or resumed. */
  pauses: number;
  /** Settles what is in the inbox. Does nothing while the loop is already doing that, or must not do it. */
  wake: () => void;
  /** Steps whose waits began since the wait index was last written; null if it is up to date. */
  waitsOpened: Set<string> | null;
  writingWaits: boolean;
  stepsDone: number;
  /** The answer of a `respond` has been told by this execution. */
  responseTold: boolean;
}

/** The child workflows of one long loop. */
export interface ChainSet {
  readonly workflowIds: readonly string[];
  readonly count: number;
}

/** Must be called in a `Scope` that cannot be cancelled, because the driver starts everything in that scope. */
export function newDriver(run: Run, input: StartInput, workflowId: string, snapshot?: RunSnapshot): Driver {
  return {
    run,
    input,
    workflowId,
    asksInShort: asksInShort(input),
    inbox: [],
    scope: CancellationScope.current() as Scope,
    effects: new Map(),
    stepScopes: newStepScopes(),
    bodies: new WeakMap(),
    lines: new Map(),
    scopes: new Map(),
    chains: new Map(Object.entries(snapshot?.chains ?? {})),
    beginning: new Map(),
    children: new Map(),
    outbox: 0,
    kept: Promise.resolve(),
    pauses: snapshot?.pauses ?? 0,
    wake: () => undefined,
    waitsOpened: null,
    writingWaits: false,
    stepsDone: snapshot?.stepsDone ?? 0,
    responseTold: false,
  };
}

/** Queues a completion and wakes the driver. */
export function post(driver: Driver, settle: () => void): void {
  driver.inbox.push(settle);
  driver.wake();
}
