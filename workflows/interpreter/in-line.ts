import { condition, defineSignal, setHandler, workflowInfo } from '@temporalio/workflow';
import { follows, type RunError, type Template } from '../../graph/sandbox.ts';
import { SIGNAL_SLOT } from '../contract.ts';
import type { Driver } from './base/driver.ts';
import { callStore } from './base/internal-activities.ts';
import { recordOf } from './base/record.ts';
import { evaluationError, resolveAnywhere } from './steps/evaluate.ts';

/** Why a run does not begin: it is cancelled, or it has failed. */
export type Refusal = { readonly cancelled: string } | { readonly failed: RunError };

/** What a run is told that asks for its place. `until`: ISO time at which there will be one, if that is known. */
export type Told = 'taken' | Refusal | { readonly waitMs: number; readonly until: string | null };

/** How a run waits that may not begin yet. */
export interface Waiting {
  readonly isCancelled: () => boolean;
  /** Continues the wait in a new execution. */
  readonly goOn: () => Promise<void>;
  /** The word of the graph that lets it wait. */
  readonly word: 'concurrency' | 'rateLimit';
  /** Asks for the place. The same run may ask any number of times. */
  readonly ask: (key: string, times: number) => Promise<Told>;
  /** Runs with equal keys are in the same line. */
  readonly key: Template | undefined;
}

const slotFreed = defineSignal(SIGNAL_SLOT);

/**
 * Asks for a place, and again when it is told to or when a place may be free, until the run has it.
 *
 * @returns why the run may not go on, or null
 */
export async function waitInLine(driver: Driver, waiting: Waiting): Promise<Refusal | null> {
  const { isCancelled, goOn, ask, word } = waiting;
  let freed = false;
  setHandler(slotFreed, () => {
    freed = true;
  });
  const key = await keyOf(driver, waiting);
  if (typeof key !== 'string') return { failed: key };
  const isHeard = follows(driver.run, 'heardWhileAsking');
  for (let times = 0; !isCancelled(); times++) {
    if (isHeard) freed = false;
    const told = await ask(key, times);
    if (told === 'taken') return null;
    if (!('waitMs' in told)) return told;
    if (times === 0) await noteWait(driver, word, told.until);
    if (!isHeard) freed = false;
    await condition(() => freed || isCancelled(), told.waitMs);
    if (workflowInfo().continueAsNewSuggested && !isCancelled()) await goOn();
  }
  return { cancelled: 'The run was cancelled while it waited for its turn.' };
}

async function noteWait(driver: Driver, word: Waiting['word'], until: string | null): Promise<void> {
  const since = new Date().toISOString();
  await callStore('blokWaits', {
    record: recordOf(driver, 'waiting', [{ step: '', kind: 'queue', until, since, detail: { word } }]),
    opened: [],
  });
}

/** The key of the runs that share the limit, or why the key cannot be computed. */
async function keyOf(driver: Driver, { key, word }: Waiting): Promise<string | RunError> {
  if (!key) return '';
  const { trigger, input, vars } = driver.run.facts;
  try {
    const value = await resolveAnywhere(driver, key, { trigger, input, vars }, `${word}.key`);
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  } catch (thrown) {
    return { ...evaluationError(thrown), step: '', node: '', attempts: 0, unknown: false };
  }
}
