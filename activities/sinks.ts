import { setTimeout } from 'node:timers/promises';
import type { InjectedSinks } from '@temporalio/worker';
import type { InterpreterSinks } from '../workflows/activities.ts';
import type { RunRecord } from '../workflows/contract.ts';
import { type Breaker, BreakerOpen } from './base/breaker.ts';
import type { ActivityDeps } from './base/deps.ts';
import { record } from './run/record.ts';

/** A run's last workflow task waits for its record, below the ten seconds after which the server gives the task up. */
const ATTEMPTS = 3;
const PAUSE_MS = 200;

/** What writes closing records. */
export type CloseRun = (record: RunRecord) => Promise<void>;

/** Writes the closing record of a run, or gives it up after a few seconds: the reconciler then writes it from history. */
export const createCloseRun =
  (deps: ActivityDeps, breaker: Breaker): CloseRun =>
  async (input) => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await breaker.guard(() => record(deps, input));
      } catch (error) {
        if (error instanceof BreakerOpen || attempt === ATTEMPTS) {
          deps.log.warn({ run: input.runId, reason: (error as Error).message }, 'closing record given up for now');
          return;
        }
      }
      await setTimeout(PAUSE_MS * attempt);
    }
  };

/** The worker's side of what the interpreter says outside of history. */
export const createSinks = (close: CloseRun): InjectedSinks<InterpreterSinks> => ({
  blok: { close: { fn: (_info, input) => close(input), callDuringReplay: false } },
});
