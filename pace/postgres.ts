import { changePace, type Database, withWorkspace } from '../db/index.ts';
import type { PaceStore } from './store.ts';

/** Buckets in Postgres, for any number of processes. A crash of Postgres may lose the last moments of them. */
export const postgresPace = (database: Database): PaceStore => ({
  change: ({ workspace, key, rate }, change) =>
    withWorkspace(
      database,
      workspace,
      (tx) => changePace(tx, { key, change: (state, now) => change(state, rate, now) }),
      { rebuildable: true },
    ),
});
