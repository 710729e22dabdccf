import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import type { Breaker } from '../../activities/base/breaker.ts';
import type { ActivityDeps } from '../../activities/base/deps.ts';
import { endCrashed } from '../../activities/run/end-crashed.ts';
import { createCreator } from './creator.ts';
import { createDeaths } from './deaths.ts';
import type { Bundled } from './guarded-worker.ts';
import type { LeftMark } from './mark.ts';
import { startThread } from './thread.ts';

/** What the threads of a worker need. */
export interface ThreadsOptions {
  readonly deps: ActivityDeps;
  readonly breaker: Breaker;
  readonly bundled: Bundled;
  /** Folder of the marks. */
  readonly marks: string;
  readonly left: readonly LeftMark[];
  /** By how many milliseconds Temporal's server is late. */
  readonly lateMs: () => number;
  readonly heapMb?: number | undefined;
}

/** Twice what the runs in memory take together, each holding the most it may (`CACHED_RUNS`), and less than a machine has. */
const HEAP_MB = 2_048;

/** The threads of a worker: a run that ends one ends no other run, and is ended itself if it does so again and again. */
export async function createThreads({
  deps,
  breaker,
  bundled,
  heapMb = HEAP_MB,
  marks,
  left,
  lateMs,
}: ThreadsOptions): Promise<WorkflowCreator> {
  const settings = { ...bundled, heapMb, marks, lateMs };
  return createCreator(
    {
      startThread: (alone, onEnd) => startThread(settings, alone, onEnd),
      deaths: createDeaths({ database: deps.database, breaker }),
      endRun: (workflowId, why) => endCrashed(deps, { workflowId, why }),
      log: deps.log,
    },
    left,
  );
}
