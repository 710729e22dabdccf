import type { Logger } from 'pino';
import { type CountedOutcome, countOutcomes, type Tenant, type TriggerOutcome } from '../db/index.ts';

/** Counts what became of what reached the triggers. */
export interface Tally {
  count(trigger: { readonly workflow: string; readonly id: string }, outcome: TriggerOutcome): void;
  /** Writes what was counted. Resolves when it is written, or the attempt has failed and is logged. */
  flush(): Promise<void>;
}

/** How long counts are kept in memory: what a killed process loses of them, and what a flood saves in writes. */
const EVERY_MS = 1_000;

export function createTally(deps: {
  readonly tenant: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T>;
  readonly log: Logger;
}): Tally {
  let counts = new Map<string, CountedOutcome & { count: number }>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const outcomes = [...counts.values()];
    counts = new Map();
    try {
      await deps.tenant((tx) => countOutcomes(tx, outcomes));
    } catch (error) {
      deps.log.warn({ err: error }, 'counts of triggers were lost');
    }
  };
  return {
    count: ({ workflow, id }, outcome) => {
      const key = `${workflow}/${id}/${outcome}`;
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { workflow, trigger: id, outcome, count: 1 });
      timer ??= setTimeout(() => void flush(), EVERY_MS).unref();
    },
    flush,
  };
}
