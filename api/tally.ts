import type { Logger } from 'pino';
import { type CountedOutcome, countOutcomes, type Tenant, type TriggerOutcome, triggersByToken } from '../db/index.ts';

/** Counts what became of what reached the triggers. */
export interface Tally {
  count(trigger: { readonly workflow: string; readonly id: string }, outcome: TriggerOutcome): void;
  /**
   * Counts a request that was refused before it was known which trigger has its address. That is looked up when the counts are
   * written, so that a flood asks nothing of the database.
   */
  countRefusedAt(token: string): void;
  /** Writes what was counted. Resolves when it is written, or the attempt has failed and is logged. */
  flush(): Promise<void>;
}

/** How long counts are kept in memory: what a killed process loses of them, and what a flood saves in writes. */
const EVERY_MS = 1_000;

/** Most addresses whose refused requests are counted within this time, because strangers make addresses up. */
const ADDRESSES = 1_000;

export function createTally(deps: {
  readonly tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>;
  readonly log: Logger;
}): Tally {
  let counted = newCounts();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const now = counted;
    counted = newCounts();
    try {
      await deps.tenant(async (tx) => {
        await addRefused(tx, now);
        await countOutcomes(tx, [...now.outcomes.values()]);
      });
    } catch (error) {
      deps.log.warn({ err: error }, 'counts of triggers were lost');
    }
  };
  const soon = (): void => {
    timer ??= setTimeout(() => void flush(), EVERY_MS).unref();
  };
  return {
    count: ({ workflow, id }, outcome) => {
      add(counted, { workflow, trigger: id, outcome, count: 1 });
      soon();
    },
    countRefusedAt: (token) => {
      const { refused } = counted;
      if (refused.size >= ADDRESSES && !refused.has(token)) return;
      refused.set(token, (refused.get(token) ?? 0) + 1);
      soon();
    },
    flush,
  };
}

/** What was counted since it was written last. */
interface Counts {
  readonly outcomes: Map<string, CountedOutcome>;
  /** Refused requests, by the token of the address. */
  readonly refused: Map<string, number>;
}

const newCounts = (): Counts => ({ outcomes: new Map(), refused: new Map() });

function add({ outcomes }: Counts, one: CountedOutcome): void {
  const key = `${one.workflow}/${one.trigger}/${one.outcome}`;
  outcomes.set(key, { ...one, count: one.count + (outcomes.get(key)?.count ?? 0) });
}

async function addRefused(tx: Tenant, counts: Counts): Promise<void> {
  if (counts.refused.size === 0) return;
  for (const [token, { workflow, id }] of await triggersByToken(tx, [...counts.refused.keys()])) {
    const count = counts.refused.get(token) ?? 0;
    for (const outcome of ['seen', 'refused'] as const) add(counts, { workflow, trigger: id, outcome, count });
  }
}
