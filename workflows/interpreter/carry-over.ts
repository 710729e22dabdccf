import { continueAsNew } from '@temporalio/workflow';
import { exceeds, START_IN_HISTORY, snapshotRun } from '../../graph/sandbox.ts';
import type { RunResult, RunSnapshot, StartInput } from '../contract.ts';
import type { Driver } from './base/driver.ts';
import { store } from './base/stored.ts';
import { writeRecords } from './base/write-records.ts';

/**
 * Continues as new with the current state. Ended steps travel along as long as they fit in the next start; otherwise
 * they are written to the record first.
 */
export async function carryOver(driver: Driver): Promise<void> {
  if (exceeds(startFrom(driver, snapshotOf(driver)), START_IN_HISTORY)) await writeRecords(driver);
  if (driver.inbox.length > 0) return;
  await goOnFrom(driver, snapshotOf(driver));
}

/** Continues as new, unless something arrived while the snapshot was being stored, because that would be lost. */
async function goOnFrom(driver: Driver, snapshot: RunSnapshot): Promise<void> {
  let next = startFrom(driver, snapshot);
  if (exceeds(next, START_IN_HISTORY)) next = startFrom(driver, { blob: await store(driver, snapshot) });
  if (driver.inbox.length > 0) return;
  await continueAsNew<(input: StartInput) => Promise<RunResult>>(next);
}

const startFrom = ({ input }: Driver, snapshot: NonNullable<StartInput['snapshot']>): StartInput => ({
  ...input,
  snapshot,
  segment: (input.segment ?? 0) + 1,
});

/** What the next execution, or the parent of a chain, needs to continue. */
export function snapshotOf(driver: Driver): RunSnapshot {
  const { run, stepsDone, chains, pauses } = driver;
  return { state: snapshotRun(run), stepsDone, chains: Object.fromEntries(chains), ...(pauses > 0 ? { pauses } : {}) };
}

/** Keeps waiting in a new execution, with the messages that the run has received so far. */
export async function queueOn(driver: Driver): Promise<void> {
  for (const settle of driver.inbox.splice(0)) settle();
  await goOnFrom(driver, { ...snapshotOf(driver), queued: true });
}
