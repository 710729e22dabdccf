import { type Logger, Worker, type WorkerOptions } from '@temporalio/worker';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import type { Init } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';

/** What the SDK hands to whoever makes its workflow threads. */
export interface Bundled {
  readonly init: Omit<Init, 'type' | 'isolateExecutionTimeoutMs'>;
  readonly logger: Logger;
}

interface Compiled {
  readonly activities: ReadonlyMap<string, unknown>;
}

/**
 * A worker of Temporal's SDK with threads of ours. The SDK's own thread takes the worker with it when it ends, and all
 * runs of the worker. `guarded-worker.e2e.test.ts` fails if a newer SDK makes its threads in another way.
 */
export function createGuardedWorker(
  options: WorkerOptions,
  createCreator: (bundled: Bundled) => Promise<WorkflowCreator>,
): Promise<Worker> {
  class GuardedWorker extends Worker {
    protected static override createWorkflowCreator(
      workflowBundle: Init['workflowBundle'],
      { activities }: Compiled,
      logger: Logger,
    ): Promise<WorkflowCreator> {
      const init = {
        workflowBundle,
        reuseV8Context: true,
        registeredActivityNames: new Set(activities.keys()),
        hasPatchActivationCallback: false,
      };
      return createCreator({ init, logger });
    }
  }
  return GuardedWorker.create(options);
}
