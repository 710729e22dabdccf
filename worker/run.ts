import { Client } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { createBreaker } from '../activities/base/breaker.ts';
import type { ActivityDeps, ActivityLog } from '../activities/base/deps.ts';
import { createMemory } from '../activities/base/memory.ts';
import { createActivities } from '../activities/index.ts';
import { MAX_DEPTH } from '../activities/run/depth.ts';
import { createGuard } from '../activities/signature/guard.ts';
import { guardActivities } from '../activities/signature/interceptor.ts';
import { type CloseRun, createCloseRun, createOpenRun, createSinks, type EndWatchers } from '../activities/sinks.ts';
import { createSigner, type Keyring, openDatabase } from '../db/index.ts';
import type { NodeOptions } from '../integrations/context.ts';
import { createNetwork } from '../integrations/network/network.ts';
import type { OwnServer } from '../integrations/network/own-servers.ts';
import { MAX_OPEN_RUNS } from '../settings/environment.ts';
import { TASK_QUEUE } from '../workflows/contract.ts';
import { workflowBundle } from './bundle.ts';
import { createAllTurns, createQueueWorkers, MAIN_SLOTS, RECEIVED_BYTES, SHUTDOWN, WORKFLOW_TASKS } from './queues.ts';

/**
 * Runs kept in memory between their workflow tasks. Each holds at most `BYTES_HELD` of values and `RECORDS_HELD` of records, so
 * that all of them together fit the thread's heap, even if each holds as much as it may.
 */
const CACHED_RUNS = 250;

/** What a worker needs; `worker/config.ts` reads it from the environment. */
export interface WorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly databaseUrl: string;
  readonly keyring: Keyring;
  readonly publicUrl: string;
  /** Hosts, `host:port`, addresses or CIDR ranges that nodes may reach although they are private. */
  readonly allowHosts: readonly string[];
  /** Servers of the installation, which nodes may not reach unless `allowHosts` lists exactly their address. */
  readonly ownServers?: readonly OwnServer[];
  /** Sandbox around scripts of `code.javascript`. Default: the strongest that works here. */
  readonly codeSandbox?: NodeOptions['codeSandbox'];
  /** Most runs that may be above a run, each started by the one above it. Default 20. */
  readonly maxDepth?: number;
  /** How many runs of a workspace may be open when a run starts another. Default 20,000. */
  readonly maxOpenRuns?: number;
  readonly log: ActivityLog;
  /** Learns of the runs that end here, if the API is in this process. */
  readonly endWatchers?: EndWatchers;
  /** Where the bundle of the workflow code is kept between starts. */
  readonly cacheFolder?: string;
  readonly taskQueue?: string;
  /** Runs kept in memory between their workflow tasks. Default `CACHED_RUNS`. */
  readonly maxCachedWorkflows?: number;
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
  const database = openDatabase(options.databaseUrl);
  const network = createNetwork({ allow: options.allowHosts, own: options.ownServers ?? [] });
  const deps: ActivityDeps = {
    database,
    keyring: options.keyring,
    signer: createSigner(options.keyring),
    network,
    temporal: new Client({ connection, namespace }),
    publicUrl: options.publicUrl,
    maxDepth: options.maxDepth ?? MAX_DEPTH,
    maxOpenRuns: options.maxOpenRuns ?? MAX_OPEN_RUNS,
    memory: createMemory(RECEIVED_BYTES),
    turns: createAllTurns(),
    nodeOptions: { codeSandbox: options.codeSandbox ?? 'auto' },
    log: options.log,
  };
  const breaker = createBreaker();
  const guard = createGuard(deps);
  const shared = {
    connection,
    namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    activities: { ...createActivities(deps, breaker), ...options.activities?.(deps) },
    // Workflows that are not Blok's have no starts that Blok could sign.
    interceptors: options.workflowBundle ? {} : { activity: [guardActivities(guard)] },
  };
  const worker = await Worker.create({
    ...shared,
    ...SHUTDOWN,
    workflowBundle: options.workflowBundle ?? (await workflowBundle(options.cacheFolder)),
    sinks: createSinks({
      close: options.closeRun ?? createCloseRun(deps, breaker, options.endWatchers),
      open: createOpenRun(deps, breaker),
      guard,
      log: options.log,
    }),
    maxCachedWorkflows: options.maxCachedWorkflows ?? CACHED_RUNS,
    maxConcurrentActivityTaskExecutions: MAIN_SLOTS,
    ...WORKFLOW_TASKS,
    // The cached runs of a killed worker stay assigned to it for this long.
    stickyQueueScheduleToStartTimeout: '5 seconds',
  });
  const workers = [worker, ...(await createQueueWorkers(shared))];
  const shutDown = (): void => {
    deps.turns.code.close();
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
  };
  const ended = runAll(workers, shutDown).finally(() => Promise.all([database.close(), network.close()]));
  return {
    ended,
    stop: async () => {
      shutDown();
      await ended.catch(() => undefined);
    },
  };
}

/** Runs workers until all have stopped. If one fails, the others are stopped. */
async function runAll(workers: readonly Worker[], stop: () => void): Promise<void> {
  const runs = workers.map((worker) => worker.run().finally(stop));
  await Promise.allSettled(runs);
  await Promise.all(runs);
}
