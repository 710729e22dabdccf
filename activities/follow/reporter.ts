import type { Followed } from '../../bus/index.ts';
import { isDatabaseAway, type NotedChange, noteChanges, withWorkspace } from '../../db/index.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** Tells those who follow a run what its steps do. */
export interface StepReporter {
  /** Whether somebody follows a run. */
  isFollowed(workspace: string, runId: string): boolean;
  report(workspace: string, change: NotedChange): void;
  /** Writes what is still to be written. */
  close(): Promise<void>;
}

/** What happens together is written together. */
const EVERY_MS = 20;

/** Most that waits while the database is away. More is dropped: the end of the run is told in any case. */
const MOST = 10_000;

const TOGETHER = 500;

/** Tries again after this long. */
const AGAIN_MS = 500;

/** Writes reports in the order in which they came, many in one transaction, and only of runs that somebody follows. */
export function createStepReporter(
  { database, log }: Pick<ActivityDeps, 'database' | 'log'>,
  followed: Followed,
): StepReporter {
  let waiting: { readonly workspace: string; readonly change: NotedChange }[] = [];
  let working: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const { workspace } = waiting[0]!;
      // The first ones of one workspace, because a transaction sees one.
      const other = waiting.findIndex((one) => one.workspace !== workspace);
      const batch = waiting.slice(0, Math.min(TOGETHER, other < 0 ? TOGETHER : other));
      const changes = batch.map(({ change }) => change);
      await withWorkspace(database, workspace, (tx) => noteChanges(tx, changes), { rebuildable: true });
      waiting = waiting.slice(batch.length);
      followed.tell(workspace);
    }
  };
  const writeSoon = async (): Promise<void> => {
    for (let ms = EVERY_MS; ; ms = AGAIN_MS) {
      await new Promise((resolve) => setTimeout(resolve, ms).unref());
      try {
        return await write();
      } catch (error) {
        if (isDatabaseAway(error)) continue;
        log.warn({ reason: (error as Error).message }, 'what steps do was not told');
        waiting = [];
        return;
      }
    }
  };
  return {
    isFollowed: followed.has,
    report: (workspace, change) => {
      if (waiting.length >= MOST) return;
      waiting.push({ workspace, change });
      working ??= writeSoon().finally(() => {
        working = undefined;
      });
    },
    close: async () => {
      await write().catch(() => undefined);
    },
  };
}
