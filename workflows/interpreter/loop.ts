import { sleep } from '@temporalio/workflow';
import { endOverdue, follows, hasEnded, isSpent, pump, RECORDS_HELD, restBefore } from '../../graph/sandbox.ts';
import type { Driver } from './base/driver.ts';
import { writeRecords } from './base/write-records.ts';
import { canContinueAsNew, heedSuggestion } from './continue-as-new.ts';
import { describe } from './current-details.ts';
import { carryOut } from './steps/commands.ts';
import { tellResponse } from './steps/respond.ts';

type Outcome = 'ended' | 'continue';

const asleep = (): void => undefined;

/**
 * Drives a run until it has its outcome or should continue as new. Whatever comes back takes a turn immediately. A loop
 * that awaited it would make promises, and promises are what costs time in the sandbox.
 */
export function drive(driver: Driver): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const awake = (rested = false): void => {
      driver.wake = asleep;
      try {
        let outcome: Outcome | 'wait' | 'yield' = 'wait';
        driver.scope.enter(() => {
          if (rested) listen(driver);
          outcome = turn(driver);
          if (outcome !== 'ended') tellResponse(driver);
          if (outcome === 'yield') rest(driver).then(() => awake(true), reject);
        });
        if (outcome === 'wait') driver.wake = () => awake();
        else if (outcome !== 'yield') resolve(outcome);
      } catch (error) {
        reject(error);
      }
    };
    awake();
  });
}

/** Lets other runs work. If a lot of steps have ended, they are written first, so that the run does not grow. */
const rest = (driver: Driver): Promise<void> =>
  (driver.run.state.recordBytes ?? 0) > RECORDS_HELD ? writeRecords(driver).then(() => doze(driver)) : doze(driver);

const doze = ({ run }: Driver): Promise<void> => sleep(restBefore(run), { summary: 'let other runs work' });

/** Settles what has arrived during a rest, then ends what is overdue: pure work that goes on must not outrun either. */
function listen({ run, inbox }: Driver): void {
  if (!follows(run, 'busyRunsListen')) return;
  run.now = Date.now();
  while (inbox.length > 0 && !isSpent(run)) inbox.shift()!();
  endOverdue(run);
}

/** Carries out the reducer's commands, settles one completion, starts all that it makes ready, takes the next. */
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
