import { setTimeout } from 'node:timers/promises';
import type { InjectedSinks } from '@temporalio/worker';
import type { Answered, InterpreterSinks, OpenedRun } from '../workflows/activities.ts';
import { claimOf, type RunRecord } from '../workflows/contract.ts';
import { type Breaker, BreakerOpen } from './base/breaker.ts';
import type { ActivityDeps, ActivityLog } from './base/deps.ts';
import { openRun } from './run/open-run.ts';
import { record } from './run/record.ts';
import { keepResponse } from './run/respond.ts';
import { stopLeft } from './run/stop-left.ts';
import type { Call, Guard } from './signature/guard.ts';

/**
 * A workflow task waits for these writes. They take less than the ten seconds after which the server gives up the task.
 */
const ATTEMPTS = 3;
const PAUSE_MS = 200;

/** Writes closing records. */
export type CloseRun = (record: RunRecord) => Promise<void>;

/** Writes opening rows of called runs. */
export type OpenRun = (run: OpenedRun) => Promise<void>;

/** Whoever in this process waits for runs to end. */
export interface EndWatchers {
  /** Whether somebody will be told of this end from the record alone. */
  tells(record: RunRecord): boolean;
  /** The record of the run's end is stored. */
  ended(record: RunRecord): void;
}

/**
 * Writes the closing record of a run and reports the end, or gives up after a few seconds: the reconciler then writes the
 * record from history. What is left of the run in this process stops once the run has ended.
 */
export function createCloseRun(deps: ActivityDeps, breaker: Breaker, watchers?: EndWatchers): CloseRun {
  const write = within(
    deps,
    breaker,
    ['closing record given up for now', (input: RunRecord) => input],
    async (input) => {
      await record(deps, input, { told: watchers?.tells(input) ?? false });
      watchers?.ended(input);
    },
  );
  return async (input) => {
    const stop = deps.runEnds.left(input.runId);
    await write(input);
    if (stop) void stopLeft(deps, input, stop);
  };
}

/**
 * Writes the opening row of a called run, or gives up after a few seconds: the run's next record also creates the row.
 */
export const createOpenRun = (deps: ActivityDeps, breaker: Breaker): OpenRun =>
  within(deps, breaker, ['opening row given up', ({ start }) => start], (input) => openRun(deps, input));

/** Keeps answers of `respond`. */
export type KeepResponse = (answer: Answered) => Promise<void>;

/** Keeps the answer of a `respond`, or gives up after a few seconds: the closing record has it, too. */
export const createKeepResponse = (deps: ActivityDeps, breaker: Breaker): KeepResponse =>
  within(deps, breaker, ['answer not kept for now', (input) => input], (input) => keepResponse(deps, input));

/** What sinks do their work with. */
export interface SinkWork {
  readonly close: CloseRun;
  readonly open: OpenRun;
  readonly respond: KeepResponse;
  readonly guard: Guard;
  readonly log: ActivityLog;
}

/**
 * The worker's side of what the interpreter reports outside of history. Like an activity, a sink acts only for a run
 * that Blok has started; a called run proves that by itself.
 */
export const createSinks = ({ close, open, respond, guard, log }: SinkWork): InjectedSinks<InterpreterSinks> => {
  const guarded = async (call: Call, write: () => Promise<void>): Promise<void> => {
    const allowed = await Promise.resolve(guard(call)).catch(() => false);
    if (allowed) await write();
    else log.warn({ workflow: call.workflowId, sink: call.type }, 'not written: Blok did not start this run');
  };
  return {
    blok: {
      close: {
        fn: ({ workflowId }, input, claim) => guarded({ type: 'close', input, workflowId, claim }, () => close(input)),
        callDuringReplay: false,
      },
      respond: {
        fn: ({ workflowId }, input, claim) =>
          guarded({ type: 'respond', input, workflowId, claim }, () => respond(input)),
        callDuringReplay: false,
      },
      open: {
        fn: (_info, input) => {
          const { workflowId, start } = input;
          return guarded({ type: 'open', input: start, workflowId, claim: claimOf(start) }, () => open(input));
        },
        callDuringReplay: false,
      },
    },
  };
};

/** Tries to write for as long as a workflow task may wait. Never fails. */
function within<Input>(
  { log }: ActivityDeps,
  breaker: Breaker,
  [givenUp, runOf]: [message: string, runOf: (input: Input) => { readonly workspace: string; readonly runId: string }],
  write: (input: Input) => Promise<void>,
): (input: Input) => Promise<void> {
  return async (input) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await breaker.guard(() => write(input));
      } catch (error) {
        if (error instanceof BreakerOpen || attempt === ATTEMPTS) {
          const { workspace, runId: run } = runOf(input);
          log.warn({ workspace, run, reason: (error as Error).message }, givenUp);
          return;
        }
      }
      await setTimeout(PAUSE_MS * attempt);
    }
  };
}
