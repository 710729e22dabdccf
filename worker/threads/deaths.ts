/** How often a run's workflow task ended its thread, counted over all workers. */
import type { WorkflowInfo } from '@temporalio/workflow';
import type { Breaker } from '../../activities/base/breaker.ts';
import {
  addCrash,
  CRASHES_COUNT_FOR_MS,
  type Crashes,
  crashesOf,
  type Database,
  withWorkspace,
} from '../../db/index.ts';

/** From then on a run is ended. */
const DEATHS = 3;

/** So many of them in a thread that the run had for itself, because in company another run may be to blame. */
const ALONE = 2;

/** Whether the run is to blame. */
export const isPoison = ({ total, alone }: Crashes): boolean => total >= DEATHS && alone >= ALONE;

/** What a worker knows about deaths. */
export interface Deaths {
  /** The deaths of a run that is about to be loaded. */
  of(
    info: Pick<WorkflowInfo, 'workflowId' | 'historyLength' | 'continuedFromExecutionRunId' | 'unsafe'>,
  ): Promise<Crashes>;
  /** Adds one. This worker knows of it immediately, the others once it is written. */
  add(workflowId: string, alone: boolean): Promise<Crashes>;
}

const NONE: Crashes = { total: 0, alone: 0 };

/** The database knows all of them. */
const MOST_KNOWN = 1_000;

/** Events in the history of a run whose first workflow task has just begun. */
const FRESH = 3;

export function createDeaths({ database, breaker }: { database: Database; breaker: Breaker }): Deaths {
  const known = new Map<string, Crashes & { readonly at: number }>();
  const knownOf = (workflowId: string): Crashes | undefined => {
    const entry = known.get(workflowId);
    return entry && Date.now() - entry.at < CRASHES_COUNT_FOR_MS ? entry : undefined;
  };
  const learn = (workflowId: string, { total, alone }: Crashes): Crashes => {
    const before = knownOf(workflowId) ?? NONE;
    const now = { total: Math.max(total, before.total), alone: Math.max(alone, before.alone) };
    if (now.total === 0) return now;
    known.delete(workflowId);
    known.set(workflowId, { ...now, at: Date.now() });
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    return now;
  };
  const stored = async (workflowId: string, query: (...args: Parameters<typeof crashesOf>) => Promise<Crashes>) => {
    const [workspace] = workflowId.split('/', 1) as [string];
    try {
      return await breaker.guard(() => withWorkspace(database, workspace, (tx) => query(tx, { workflowId })));
    } catch {
      // Without the database, this worker still counts for itself.
      return NONE;
    }
  };
  return {
    of: async ({ workflowId, historyLength, continuedFromExecutionRunId, unsafe }) => {
      const here = knownOf(workflowId);
      const isFresh = historyLength <= FRESH && !unsafe.isReplaying && continuedFromExecutionRunId === undefined;
      return here ?? (isFresh ? NONE : learn(workflowId, await stored(workflowId, crashesOf)));
    },
    add: async (workflowId, alone) => {
      const before = knownOf(workflowId) ?? NONE;
      learn(workflowId, { total: before.total + 1, alone: before.alone + Number(alone) });
      return learn(workflowId, await stored(workflowId, (tx, run) => addCrash(tx, { ...run, alone })));
    },
  };
}
