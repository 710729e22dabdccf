/** The task queues that a worker serves besides its main one, and how many of their steps it takes at a time. */
import { availableParallelism } from 'node:os';
import { type NativeConnection, Worker, type WorkerInterceptors } from '@temporalio/worker';
import type { Places } from '../activities/turns/next-turn.ts';
import { createTurns, type Turns } from '../activities/turns/turns.ts';
import type { QueueName } from '../integrations/define.ts';
import { taskQueueOf } from '../workflows/contract.ts';

/** Steps of the main queue at a time. Most of them wait for a service, so they cost memory and little else. */
export const MAIN_SLOTS = 1_000;

/** What the steps of a process may hold together of the answers they receive. As parsed JSON it takes several times that. */
export const RECEIVED_BYTES = 64 * 1024 * 1024;

/**
 * Starts that come from this process take a slot at once (eagerly). All other tasks wait in a queue until a poller has a
 * slot and asks for them, and a busy server takes long to answer a poller. With the usual 40 slots and 2 pollers of the
 * common queue, 64 callers fill the slots with eager starts, and every queued start waits about five seconds.
 */
export const WORKFLOW_TASKS = {
  maxConcurrentWorkflowTaskExecutions: 200,
  maxConcurrentWorkflowTaskPolls: 20,
  /** Half of the pollers serve the common queue, half the queue of the runs that this worker holds in memory. */
  nonStickyToStickyPollRatio: 0.5,
} as const;

/**
 * Slots hold steps that run or wait for their turn. A crowd waits in Temporal instead, where its steps cost nothing and
 * runs take turns by their fairness keys. Few polls keep a crowd of quick steps from taking the whole process.
 */
const QUEUES: readonly { queue?: QueueName; crowd?: boolean; slots: number; polls: number }[] = [
  { crowd: true, slots: 1_000, polls: 5 },
  { queue: 'code', slots: 100, polls: 5 },
  { queue: 'code', crowd: true, slots: 12, polls: 2 },
  // A payment mostly waits for the chain.
  { queue: 'wallet', slots: 500, polls: 5 },
  { queue: 'wallet', crowd: true, slots: 100, polls: 2 },
];

/** A script is a child process of up to 300 MB that may take a whole core. */
const SCRIPTS: Places = { ...placesFor(availableParallelism()), longAfterMs: 1_000 };

function placesFor(cores: number): Pick<Places, 'places' | 'longPlaces' | 'shortPlaces'> {
  const places = Math.min(12, 2 + cores);
  return { places, longPlaces: places / 2, shortPlaces: 1 };
}

/** Payments are on a queue of their own so that keys can be kept elsewhere, not because anything is scarce. */
const PAYMENTS: Places = { places: 600, longPlaces: 600, shortPlaces: 0, longAfterMs: 60_000 };

/** Turns of all queues. */
export const createAllTurns = (): Record<QueueName, Turns> => ({
  code: createTurns(SCRIPTS),
  wallet: createTurns(PAYMENTS),
});

/** The queues that a worker may serve: `main` also runs workflows. */
export const SERVED = ['main', 'code', 'wallet'] as const satisfies readonly (QueueName | 'main')[];

/** One of them. */
export type Served = (typeof SERVED)[number];

/** A worker per queue. */
export function createQueueWorkers(options: {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: object;
  /** The guard in front of the activities. */
  interceptors: WorkerInterceptors;
  /** Which queues to serve. */
  serves: readonly Served[];
}): Promise<Worker[]> {
  const { taskQueue, serves, ...rest } = options;
  return Promise.all(
    QUEUES.filter(({ queue }) => serves.includes(queue ?? 'main')).map(({ slots, polls, ...name }) =>
      Worker.create({
        ...rest,
        ...SHUTDOWN,
        taskQueue: taskQueueOf(taskQueue, name),
        maxConcurrentActivityTaskExecutions: slots,
        maxConcurrentActivityTaskPolls: polls,
      }),
    ),
  );
}

/** How long running work may take to finish when a worker stops. */
export const SHUTDOWN = { shutdownGraceTime: '5 seconds', shutdownForceTime: '10 seconds' } as const;
