import { type Database, listen, RESPONSES, responseTopic } from '../db/index.ts';

/** Tells who waits for the answer of a run that there is one, whatever process the run's worker is. */
export interface Replies {
  /** Calls back when the run may have answered, until it is stopped. */
  watch(run: { readonly workspace: string; readonly runId: string }, heard: () => void): { stop(): void };
  close(): Promise<void>;
}

/** Listens to what workers tell through Postgres. */
export function createReplies(database: Database): Replies {
  const watched = new Map<string, Set<() => void>>();
  const listening = listen(database, RESPONSES, (topic) => {
    for (const heard of watched.get(topic) ?? []) heard();
  });
  return {
    watch: ({ workspace, runId }, heard) => {
      const topic = responseTopic(workspace, runId);
      const all = watched.get(topic) ?? new Set();
      watched.set(topic, all.add(heard));
      return {
        stop: () => {
          all.delete(heard);
          if (all.size === 0 && watched.get(topic) === all) watched.delete(topic);
        },
      };
    },
    close: () => listening.close(),
  };
}
