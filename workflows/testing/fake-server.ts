import type { Job, SandboxedWorkflow } from './sandbox.ts';

/** Draws a whole number from 0 to `n - 1`. */
export type Draw = (n: number) => number;

/** How an activity ends. `awaits`: in the same way as that workflow. */
export type Answer = { readonly output: unknown } | { readonly fails: string } | { readonly awaits: string };

/** What surrounds the workflows. */
export interface World {
  readonly draw: Draw;
  readonly answer: (type: string, input: never) => Answer;
  readonly sink: (name: string, input: never) => void;
  /** Longer timers never fire. */
  readonly longestTimerMs: number;
  /** How long each workflow task takes on the clock of the server. Default 0. */
  readonly taskMs?: number;
  /** One activation in this many suggests continue-as-new. 0: none does. */
  readonly suggestsOneIn: number;
}

export type Ending =
  | { readonly completed: { readonly result?: object | null | undefined } }
  | { readonly failed: { readonly failure: object } }
  | { readonly cancelled: { readonly failure: object } };

/** One workflow id, over all its executions. */
export interface Chain {
  readonly workflowId: string;
  readonly workflowType: string;
  /** Workflow id of the run that has started it, if one has. */
  readonly parent?: string;
  status: 'open' | 'completed' | 'failed' | 'cancelled';
  /** How often the workflow was asked to cancel. */
  cancels: number;
  current: Execution;
  ended?: Ending;
  /** Called when the workflow ends. */
  readonly onEnd: ((ending: Ending) => void)[];
}

/** One execution, and what has arrived for its next workflow task. */
export interface Execution {
  readonly continues: boolean;
  readonly input: readonly object[];
  /** Activities in flight: whether a cancel waits for their end, and whether they were cancelled. */
  readonly activities: Map<number, { readonly awaited: boolean; cancelling: boolean }>;
  readonly timers: Set<number>;
  vm?: SandboxedWorkflow;
  jobs: Job[];
  suggested: boolean;
}

/** What the commands of a workflow act on. */
export interface Server extends World {
  now: number;
  readonly chains: Map<string, Chain>;
  /** What is on its way. */
  readonly moves: (() => void)[];
  begin(workflowType: string, workflowId: string, input: readonly object[], parent?: string): Chain | undefined;
  /** Puts a job into the next task of a workflow. False: the workflow does not exist or has closed. */
  send(workflowId: string, job: Job): boolean;
}

/** An execution that has not begun. */
export const execution = (input: readonly object[], continues = false): Execution => ({
  continues,
  input,
  activities: new Map(),
  timers: new Set(),
  jobs: [],
  suggested: false,
});
