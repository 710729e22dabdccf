import type { RunRecord } from '../workflows/contract.ts';

/**
 * Ends of runs that a worker of this process has just recorded. A start that waits for its run learns of the end here,
 * without asking Temporal and without reading the record back.
 */
export interface Endings {
  /** Watches a run that is about to be started. */
  watch(runId: string): Watch;
  /** Whether somebody will be told of this end from the record alone. For the worker, before it stores the record. */
  tells(record: RunRecord): boolean;
  /** Reports that the record of a run's end is stored. For the worker. */
  ended(record: RunRecord): void;
}

/** One start that waits for the end of its run. */
export interface Watch {
  /** The record of the end; null if the run has not ended within `ms`, or not in its first task. Call it once. */
  atOnce(ms: number): Promise<RunRecord | null>;
  /** Stops watching. */
  stop(): void;
}

/**
 * What the history of a run holds when its first workflow task begins: started, task scheduled, task started. A run that
 * ends in a later task, or that has received a message, may have been told to end otherwise meanwhile, so its end counts
 * only once Temporal has it.
 */
const FIRST_TASK_EVENTS = 3;

/** A place where the worker of this process reports ends to the API of this process. */
export function createEndings(): Endings {
  const watched = new Map<string, Set<Settle>>();
  return {
    watch: (runId) => {
      const { promise, resolve } = Promise.withResolvers<RunRecord | null>();
      const all = watched.get(runId) ?? new Set<Settle>();
      watched.set(runId, all.add(resolve));
      const stop = () => {
        resolve(null);
        all.delete(resolve);
        if (all.size === 0 && watched.get(runId) === all) watched.delete(runId);
      };
      const atOnce = async (ms: number) => {
        const timer = setTimeout(stop, ms);
        const record = await promise;
        clearTimeout(timer);
        stop();
        return record;
      };
      return { atOnce, stop };
    },
    tells: (record) => isInFirstTask(record) && watched.has(record.runId),
    ended: (record) => {
      for (const settle of watched.get(record.runId) ?? []) settle(isInFirstTask(record) ? record : null);
    },
  };
}

const isInFirstTask = ({ segment, historyLength }: RunRecord): boolean =>
  segment === 0 && historyLength <= FIRST_TASK_EVENTS;

type Settle = (record: RunRecord | null) => void;
