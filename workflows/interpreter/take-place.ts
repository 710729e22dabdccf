import { workflowInfo } from '@temporalio/workflow';
import type { Driver } from './base/driver.ts';
import { callStore } from './base/internal-activities.ts';
import { type Refusal, type Told, type Waiting, waitInLine } from './in-line.ts';

/** Longest time between two requests for a place, in case the signal of a freed place is lost. */
const LONGEST_LOOK_MS = 30_000;

/** The same for a turn, whose time is known. */
const LONGEST_WAIT_MS = 600_000;

/**
 * Waits until the run may begin, as the graph's `concurrency` and `rateLimit` say. A run that is dropped is cancelled before
 * its first step.
 *
 * @returns why the run may not go on, or null
 */
export async function takePlace(driver: Driver, how: Pick<Waiting, 'isCancelled' | 'goOn'>): Promise<Refusal | null> {
  return (await takeSlot(driver, how)) ?? (await takeTurn(driver, how));
}

async function takeSlot(driver: Driver, how: Pick<Waiting, 'isCancelled' | 'goOn'>): Promise<Refusal | null> {
  const { concurrency } = driver.run.plan;
  if (!concurrency) return null;
  const { limit, onLimit } = concurrency;
  const ask = async (key: string, times: number): Promise<Told> => {
    const answer = await callStore('blokSlot', { ...whoAsks(driver), key, limit, onLimit });
    if (answer === 'taken') return 'taken';
    if (answer === 'drop') return { cancelled: `Dropped: ${limit} of ${driver.input.workflow} are running already.` };
    return { waitMs: Math.min(LONGEST_LOOK_MS, 1_000 * 2 ** times), until: null };
  };
  return waitInLine(driver, { ...how, word: 'concurrency', key: concurrency.key, ask });
}

async function takeTurn(driver: Driver, how: Pick<Waiting, 'isCancelled' | 'goOn'>): Promise<Refusal | null> {
  const { rateLimit } = driver.run.plan;
  if (!rateLimit) return null;
  const { limit, perMs, onLimit } = rateLimit;
  const ask = async (key: string): Promise<Told> => {
    const answer = await callStore('blokTurn', { ...whoAsks(driver), key, limit, perMs, onLimit });
    if (answer === 'taken') return 'taken';
    if (answer === 'drop')
      return { cancelled: `Dropped: ${limit} of ${driver.input.workflow} have begun within ${perMs / 1000} s.` };
    return { waitMs: Math.max(1, Math.min(LONGEST_WAIT_MS, Math.ceil(answer.inMs))), until: answer.at };
  };
  return waitInLine(driver, { ...how, word: 'rateLimit', key: rateLimit.key, ask });
}

function whoAsks({ workflowId, input: { workspace, workflow, runId, trigger, ...input } }: Driver) {
  // A called run whose graph gives none has the priority of the run that called it.
  // Temporal says 0 where a start has a fairness key and no priority.
  const priority = input.priority ?? (workflowInfo().priority?.priorityKey || undefined);
  return {
    ...{ workspace, workflow, runId, workflowId, trigger: trigger.id },
    ...(priority === undefined ? {} : { priority }),
  };
}
