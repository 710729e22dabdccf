import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { MAIN_SLOTS, SHUTDOWN, WORKFLOW_TASKS } from '../../worker/queues.ts';
import { CACHED_RUNS } from '../../worker/run.ts';
import { bundleByHand } from './by-hand-bundle.ts';

/** A worker of the SDK as it comes, for workflows written by hand. */
export interface ByHandWorker {
  readonly client: Client;
  readonly taskQueue: string;
  dispose(): Promise<void>;
}

/** Starts it in this process, with Blok's settings. What Blok changes in the SDK (`worker/threads/`), it does not have. */
export async function startByHandWorker(address: string, activities: object): Promise<ByHandWorker> {
  const connection = await NativeConnection.connect({ address });
  const taskQueue = `by-hand-${randomBytes(4).toString('hex')}`;
  const worker = await Worker.create({
    connection,
    namespace: 'default',
    taskQueue,
    activities,
    workflowBundle: await bundleByHand(),
    maxCachedWorkflows: CACHED_RUNS,
    maxConcurrentActivityTaskExecutions: MAIN_SLOTS,
    ...WORKFLOW_TASKS,
    ...SHUTDOWN,
  });
  const ended = worker.run();
  return {
    client: new Client({ connection }),
    taskQueue,
    dispose: async () => {
      worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}
