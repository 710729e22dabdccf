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

/** The SDK's way to the server. */
interface Native {
  completeWorkflowActivation(completion: Buffer): Promise<void>;
}

/**
 * A worker of Temporal's SDK with threads of ours. The SDK's own thread takes the worker with it when it ends, and all
 * runs of the worker. `crashed-runs.e2e.test.ts` fails if a newer SDK makes its threads in another way.
 *
 * @param onAccepted hears how long the server took to accept each answer, in milliseconds
 */
export async function createGuardedWorker(
  options: WorkerOptions,
  createCreator: (bundled: Bundled) => Promise<WorkflowCreator>,
  onAccepted: (ms: number) => void,
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
  const worker = await GuardedWorker.create(options);
  timeAnswers((worker as unknown as { readonly nativeWorker: Partial<Native> }).nativeWorker, onAccepted);
  return worker;
}

/** @throws Error if the SDK hands on answers in another way: nobody would notice that nothing is timed any more */
function timeAnswers(native: Partial<Native>, onAccepted: (ms: number) => void): void {
  const { completeWorkflowActivation } = native;
  if (!completeWorkflowActivation)
    throw new Error('This Temporal SDK hands on answers in a way that Blok does not know.');
  native.completeWorkflowActivation = async (completion) => {
    const began = performance.now();
    await completeWorkflowActivation(completion);
    onAccepted(performance.now() - began);
  };
}
