/** For a container's health check: exits with 0 if a worker on this host polled Temporal in the last two minutes. */
import { hostname } from 'node:os';
import { connectExternal } from '../../embedded/temporal/external.ts';
import { readTemporal } from '../../settings/environment.ts';
import { TASK_QUEUE } from '../../workflows/contract.ts';

/** A poll that finds nothing ends after a minute. */
const RECENT_SECONDS = 120;

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's enum. */
const WORKFLOW = 1;

const temporal = readTemporal(process.env);
const connection = await connectExternal(temporal);
const { pollers } = await connection.workflowService.describeTaskQueue({
  namespace: temporal.namespace,
  taskQueue: { name: TASK_QUEUE },
  taskQueueType: WORKFLOW,
});
const since = Date.now() / 1000 - RECENT_SECONDS;
// A worker calls itself `pid@host`.
const mine = pollers?.some(
  ({ identity, lastAccessTime }) =>
    identity?.endsWith(`@${hostname()}`) && Number(lastAccessTime?.seconds ?? 0) > since,
);
console.log(mine ? 'polling' : `no worker of ${hostname()} polls ${TASK_QUEUE}`);
process.exit(mine ? 0 : 1);
