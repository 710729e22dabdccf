import { TASK_QUEUE, taskQueueOf } from '../../workflows/contract.ts';
import type { QueueState } from '../runs-port.ts';
import { call, type TemporalServer } from './server.ts';
import { isoOf, msOf } from './times.ts';

/** Task types of Temporal, by number. */
const WORKFLOW = 1;
const ACTIVITY = 2;

/** The queues that workers serve (`worker/queues.ts`). Only the first has tasks of runs besides those of steps. */
const NAMES = [{}, { crowd: true }, { queue: 'code' }, { queue: 'code', crowd: true }];

/** What waits in each queue, and who serves it. @throws RunsError */
export function queueStates(server: TemporalServer): Promise<QueueState[]> {
  const main = server.options.taskQueue ?? TASK_QUEUE;
  const wanted = NAMES.map((name) => ({ name: taskQueueOf(main, name), type: ACTIVITY, of: 'steps' as const }));
  return Promise.all(
    [{ name: main, type: WORKFLOW, of: 'runs' as const }, ...wanted].map((one) => stateOf(server, one)),
  );
}

async function stateOf(
  server: TemporalServer,
  { name, type, of }: { name: string; type: number; of: QueueState['of'] },
): Promise<QueueState> {
  const { stats, pollers } = await call(server, () =>
    server.client.workflowService.describeTaskQueue({
      namespace: server.options.namespace,
      taskQueue: { name },
      taskQueueType: type,
      reportStats: true,
    }),
  );
  return {
    name,
    of,
    waiting: Number(stats?.approximateBacklogCount ?? 0),
    oldestMs: msOf(stats?.approximateBacklogAge) ?? 0,
    addedPerSecond: stats?.tasksAddRate ?? 0,
    takenPerSecond: stats?.tasksDispatchRate ?? 0,
    workers: (pollers ?? []).map(({ identity, lastAccessTime }) => ({
      identity: identity ?? '',
      lastSeenAt: isoOf(lastAccessTime),
    })),
  };
}

/** Version of the server; null if it does not answer. */
export async function serverVersion({ client, connection }: TemporalServer): Promise<string | null> {
  try {
    const info = await connection.withDeadline(Date.now() + 2_000, () => client.workflowService.getSystemInfo({}));
    return info.serverVersion ?? '';
  } catch {
    return null;
  }
}
