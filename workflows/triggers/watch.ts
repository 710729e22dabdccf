import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { FireInput, PolledPage, TriggerActivities } from '../activities.ts';
import { SIGNAL_HINT, type WatchInput } from '../contract.ts';

/** How long the database or Temporal may be away: as long as they are. */
const retry = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 1_000_000,
} as const;

const { blokPoll } = proxyActivities<TriggerActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry,
});

/** A full workspace makes an attempt fail as well: then the items wait. */
const { blokFire } = proxyActivities<TriggerActivities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: '10 seconds',
  retry,
});

/** Runs that are started at the same time, unless the order in which they start matters. */
const AT_ONCE = 8;

/** Longest pause after a look that failed, unless the service asks for a longer one. */
const LONGEST_PAUSE_MS = 15 * 60_000;

const hint = defineSignal(SIGNAL_HINT);

/** Hints that have arrived, so that nobody misses one. */
interface Hints {
  count: number;
}

/**
 * Watches for a trigger: looks, starts a run for each item that is new, and goes on from there. Where it is, is its own
 * state. It moves only when the runs of all items have started, so that after a crash the same items are found again, and
 * their keys start no second run.
 */
export async function watch(input: WatchInput): Promise<void> {
  const hints: Hints = { count: 0 };
  setHandler(hint, () => {
    hints.count += 1;
  });
  const { claim } = input;
  let { place, failures = 0, wasOff = false } = input;
  for (;;) {
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof watch>({ claim, ...(place && { place }), failures, wasOff });
    }
    const { count } = hints;
    const hinted = () => hints.count > count;
    const answer = await blokPoll({ claim, ...(place && { place }), ...(wasOff && { wasOff }) });
    if (answer.outcome === 'gone') return;
    if (answer.outcome === 'off') {
      wasOff = true;
      await condition(hinted);
    } else if (answer.outcome === 'failed') {
      failures += 1;
      await condition(hinted, Math.max(pauseAfter(failures, answer.everyMs), answer.retryAfterMs ?? 0));
    } else {
      const { page } = answer;
      const isWhole = await startRuns(claim, page, hints);
      ({ place } = page);
      failures = 0;
      wasOff = !isWhole;
      if (isWhole && !page.more) await condition(hinted, page.everyMs);
    }
  }
}

/** Soon after the first failure, then ever later; an author who looks rarely is not made to look more often. */
const pauseAfter = (failures: number, everyMs: number): number =>
  Math.max(Math.min(everyMs, LONGEST_PAUSE_MS), Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** Math.min(failures, 20)));

/** Starts a run for each item. @returns false if the trigger was switched off before that, and the rest is to be skipped */
async function startRuns(claim: WatchInput['claim'], page: PolledPage, hints: Hints): Promise<boolean> {
  const atOnce = page.inOrder ? 1 : AT_ONCE;
  for (let from = 0; from < page.items.length; from += atOnce) {
    const some = page.items.slice(from, from + atOnce);
    const started = await Promise.all(some.map((item) => startRun(claim, page, item, hints)));
    if (started.includes(false)) return false;
  }
  return true;
}

async function startRun(
  claim: WatchInput['claim'],
  { skipsWhileOff }: PolledPage,
  item: PolledPage['items'][number],
  hints: Hints,
): Promise<boolean> {
  const at = new Date().toISOString();
  const { key } = item;
  const what: Pick<FireInput, 'fields' | 'stored'> =
    'blob' in item ? { fields: {}, stored: { item: item.blob } } : { fields: { item: item.value } };
  for (;;) {
    const { count } = hints;
    const { outcome } = await blokFire({ claim, key, at, ...what });
    if (outcome !== 'off') return true;
    if (skipsWhileOff) return false;
    await condition(() => hints.count > count);
  }
}
