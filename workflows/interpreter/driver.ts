import { sleep } from '@temporalio/workflow';
import { hasEnded, pump, type Run } from '../../graph/sandbox.ts';
import type { StartInput } from '../contract.ts';
import { carryOut } from './commands.ts';
import { describe } from './details.ts';
import type { Scope } from './scope.ts';
import { canContinueAsNew, heedSuggestion } from './segment.ts';

/** What the durable driver keeps beside the run: what is in flight in Temporal, and what has come back. */
export interface Driver {
  readonly run: Run;
  readonly input: StartInput;
  /** The run's Temporal workflow id: idempotency keys begin with it. */
  readonly workflowId: string;
  /** Completions not yet settled, in the order they came: settled one at a time (interpreter.md §2). */
  readonly inbox: (() => void)[];
  /** Everything is started in it: a cancelled run decides itself what stops. */
  readonly scope: Scope;
  /** Scopes of the effects in flight, by step path. Those of one body share theirs: they are cancelled together. */
  readonly effects: Map<string, Scope>;
  readonly bodies: WeakMap<object, Scope>;
  /** Scopes of timers and evaluations, by key. */
  readonly scopes: Map<string, Scope>;
  /** Child workflows of long loops, by step path: they outlive a continue-as-new. */
  readonly chains: Map<string, ChainSet>;
  /** Long loops whose child workflows are being started, by step path. */
  readonly beginning: Map<string, { cancelled: boolean }>;
  /** Workflow ids of runs that `workflow.run` steps wait for, by step path. */
  readonly children: Map<string, string>;
  /** Messages to other workflows that are not delivered yet. */
  outbox: number;
  /** How often the run was paused or went on. */
  pauses: number;
  /** Takes what is in the inbox, unless somebody is at it or nobody should be. */
  wake: () => void;
  /** Steps whose waits began since the wait index was last written; null if it is up to date. */
  waitsOpened: Set<string> | null;
  writingWaits: boolean;
  stepsDone: number;
}

/** The child workflows of one long loop. */
export interface ChainSet {
  readonly workflowIds: readonly string[];
  readonly count: number;
}

type Outcome = 'ended' | 'continue';

const asleep = (): void => undefined;

/**
 * Drives a run until it has its outcome or should go on in a new execution. Whatever comes back takes a turn then and
 * there: a loop that waited for it would make promises, which are what costs time in the sandbox.
 */
export function drive(driver: Driver): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const awake = (): void => {
      driver.wake = asleep;
      try {
        let outcome: Outcome | 'wait' | 'yield' = 'wait';
        driver.scope.enter(() => {
          outcome = turn(driver);
          if (outcome === 'yield') sleep(1, { summary: 'let other runs work' }).then(awake, reject);
        });
        if (outcome === 'wait') driver.wake = awake;
        else if (outcome !== 'yield') resolve(outcome);
      } catch (error) {
        reject(error);
      }
    };
    awake();
  });
}

/** Carries out the reducer's commands, settles one completion, starts all it makes ready, takes the next. */
function turn(driver: Driver): Outcome | 'wait' | 'yield' {
  const { run, inbox } = driver;
  for (;;) {
    run.now = Date.now();
    heedSuggestion(driver);
    const wish = pump(run);
    carryOut(driver);
    if (hasEnded(run) && driver.outbox === 0) return 'ended';
    if (wish === 'yield') return 'yield';
    const settle = inbox.shift();
    if (settle) settle();
    else if (canContinueAsNew(driver)) return 'continue';
    else {
      describe(driver);
      return 'wait';
    }
  }
}

/** Queues a completion and wakes the driver. */
export function post(driver: Driver, settle: () => void): void {
  driver.inbox.push(settle);
  driver.wake();
}
