import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import type { NativeConnection, Worker, WorkflowBundle } from '@temporalio/worker';
import { createBreaker } from '../activities/base/breaker.ts';
import type { ActivityDeps, ActivityLog } from '../activities/base/deps.ts';
import { reportSteps } from '../activities/follow/interceptor.ts';
import { createStepReporter } from '../activities/follow/reporter.ts';
import { createActivities } from '../activities/index.ts';
import { createGuard } from '../activities/signature/guard.ts';
import { guardActivities } from '../activities/signature/interceptor.ts';
import { wholeRequests } from '../activities/signature/whole-requests.ts';
import {
  type CloseRun,
  createCloseRun,
  createKeepResponse,
  createOpenRun,
  createSinks,
  type EndWatchers,
} from '../activities/sinks.ts';
import { watchSteps } from '../activities/watch/interceptor.ts';
import type { Bus } from '../bus/index.ts';
import { countEnd } from '../telemetry/count-end.ts';
import { isOn, type Telemetry } from '../telemetry/open.ts';
import { traceStarts } from '../telemetry/trace-starts.ts';
import { TRACE_HEADER } from '../workflows/activities.ts';
import { TASK_QUEUE } from '../workflows/contract.ts';
import { workflowBundle } from './bundle.ts';
import { type DepsSettings, openDeps } from './deps.ts';
import { type Children, createChildren } from './quarantine/children.ts';
import { guarded } from './quarantine/guard.ts';
import { type ChildSettings, settingsFor } from './quarantine/messages.ts';
import { createSuspects } from './quarantine/suspects.ts';
import { createQueueWorkers, MAIN_SLOTS, SERVED, type Served, SHUTDOWN, WORKFLOW_TASKS } from './queues.ts';
import { createGuardedWorker } from './threads/guarded-worker.ts';
import { createThreads } from './threads/index.ts';
import { createLateness } from './threads/lateness.ts';
import { noteLocalWork } from './threads/local-work.ts';
import { takeLeftMarks } from './threads/mark.ts';

/**
 * Runs kept in memory between their workflow tasks. Each holds at most `BYTES_HELD` of values and `RECORDS_HELD` of records, so
 * that all of them together fit the thread's heap, even if each holds as much as it may.
 */
export const CACHED_RUNS = 250;

/** What a worker needs; `worker/config.ts` reads it from the environment. */
export interface WorkerOptions extends DepsSettings {
  readonly connection: NativeConnection;
  readonly log: ActivityLog;
  /** Learns of the runs that end here, if the API is in this process. */
  readonly endWatchers?: EndWatchers;
  /** Reaches whoever waits for runs, if that is not for this worker to open: the API in this process has one. */
  readonly bus?: Bus;
  /** Where it is noted which runs are being worked on, so that a later process knows. Default: a temporary folder. */
  readonly marksFolder?: string;
  /** Most that the runs in memory may take together, in megabytes. Default 2,048. */
  readonly workflowHeapMb?: number;
  readonly taskQueue?: string;
  /** Which queues are served. Default: all. A worker without `main` runs no workflows. */
  readonly serves?: readonly Served[];
  /** Runs kept in memory between their workflow tasks. Default `CACHED_RUNS`. */
  readonly maxCachedWorkflows?: number;
  /**
   * How processes for suspected steps connect to Temporal, and what they run if it is not Blok's own program. Absent:
   * there are no such processes.
   */
  readonly quarantine?: { readonly temporal: ChildSettings['temporal']; readonly program?: URL };
  /** Activities in addition to Blok's own, or in their place: for tests and benchmarks. */
  readonly activities?: (deps: ActivityDeps) => object;
  /** Writes closing records instead of Blok's own: for tests. */
  readonly closeRun?: CloseRun;
  /** A workflow bundle other than Blok's: for tests and benchmarks. */
  readonly workflowBundle?: WorkflowBundle;
}

/** A worker that polls until it is stopped. */
export interface RunningWorker {
  /** Rejects if the worker fails. Resolves once it has stopped. */
  readonly ended: Promise<void>;
  /** Lets running work finish, for a few seconds. */
  stop(): Promise<void>;
}

/** Starts a worker: it polls for workflow tasks and activities until `stop`. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, namespace } = options;
  const { telemetry } = options;
  const temporal = new Client({ connection, namespace, ...tracedStarts(telemetry) });
  const { deps, close } = await openDeps(options, { temporal, log: options.log, bus: options.bus });
  const breaker = createBreaker();
  const guard = createGuard(deps);
  const reporter = createStepReporter(deps, deps.followed);
  const children = childrenOf(options);
  const suspects = createSuspects(deps.temporal);
  const marks = options.marksFolder ?? mkdtempSync(join(tmpdir(), 'blok-marks-'));
  const left = takeLeftMarks(marks);
  const local = noteLocalWork(marks);
  const activities = { ...createActivities(deps, breaker), ...options.activities?.(deps) };
  const watching = isOn(telemetry) ? [watchSteps(telemetry)] : [];
  const shared = {
    connection,
    namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    activities: guarded({ suspects, children, local, log: options.log }, activities),
    // Workflows that are not Blok's have no starts that Blok could sign.
    interceptors: {
      activity: options.workflowBundle
        ? [wholeRequests]
        : [wholeRequests, guardActivities(guard), ...watching, reportSteps(reporter)],
    },
  };
  const serves = options.serves ?? SERVED;
  const lateness = createLateness();
  const main = async (): Promise<Worker> =>
    createGuardedWorker(
      {
        ...shared,
        ...SHUTDOWN,
        workflowBundle: options.workflowBundle ?? (await workflowBundle(options.cacheFolder)),
        sinks: createSinks({
          close: options.closeRun ?? createCloseRun(deps, breaker, counting(telemetry, options.endWatchers)),
          open: createOpenRun(deps, breaker),
          respond: createKeepResponse(deps, breaker),
          guard,
          log: options.log,
        }),
        maxCachedWorkflows: options.maxCachedWorkflows ?? CACHED_RUNS,
        maxConcurrentActivityTaskExecutions: MAIN_SLOTS,
        ...WORKFLOW_TASKS,
        // The cached runs of a killed worker stay assigned to it for this long.
        stickyQueueScheduleToStartTimeout: '5 seconds',
      },
      (bundled) =>
        createThreads({ deps, breaker, bundled, marks, left, heapMb: options.workflowHeapMb, lateMs: lateness.ms }),
      lateness.note,
    );
  const workers = [
    ...(serves.includes('main') ? [await main()] : []),
    ...(await createQueueWorkers({ ...shared, serves })),
  ];
  const shutDown = (): void => {
    for (const turns of Object.values(deps.turns)) turns.close();
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
  };
  const ended = runAll(workers, shutDown).finally(async () => {
    children?.close();
    local.close();
    if (!options.marksFolder) rmSync(marks, { recursive: true, force: true });
    await reporter.close();
    return close();
  });
  return {
    ended,
    stop: async () => {
      shutDown();
      await ended.catch(() => undefined);
    },
  };
}

/** Runs that a step starts belong to the trace of the step. */
const tracedStarts = (telemetry: Telemetry | undefined) =>
  telemetry?.tracing ? { interceptors: { workflow: [traceStarts(TRACE_HEADER, telemetry.tracing.current)] } } : {};

/** Counts the ends of runs, and tells whoever waits for them. */
const counting = (telemetry: Telemetry | undefined, watchers: EndWatchers | undefined): EndWatchers => ({
  tells: (record) => watchers?.tells(record) ?? false,
  ended: (record) => {
    countEnd(telemetry, record);
    watchers?.ended(record);
  },
});

const childrenOf = ({ quarantine, ...settings }: WorkerOptions): Children | undefined =>
  quarantine && createChildren(settingsFor(settings, quarantine.temporal), quarantine.program);

/** Runs workers until all have stopped. If one fails, the others are stopped. */
async function runAll(workers: readonly Worker[], stop: () => void): Promise<void> {
  const runs = workers.map((worker) => worker.run().finally(stop));
  await Promise.allSettled(runs);
  await Promise.all(runs);
}
