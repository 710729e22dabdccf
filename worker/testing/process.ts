/** A worker as `npm run worker` starts it, for tests that measure the process. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { type ServerProcess, startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { keepAlive } from '../../embedded/supervisor/keep-alive.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { TEST_KEY } from './graph-worker.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY_WITHIN_MS = 60_000;

/** The process. It polls the product's own task queue. */
export interface WorkerProcess {
  /** Memory that the process holds now, in megabytes. */
  rssMb(): number;
  /** Whether the process is still running. */
  alive(): boolean;
  stop(): Promise<void>;
}

/** How a worker process is started, if not as `npm run worker` does. */
export interface ProcessOptions {
  readonly program?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a worker process on the shared Temporal and a migrated database. Resolves when the worker polls. */
export async function startWorkerProcess(databaseUrl: string, options: ProcessOptions = {}): Promise<WorkerProcess> {
  const folder = temporaryFolder('worker');
  const started = await launch(folder.path, databaseUrl, options).catch((error) => {
    folder.remove();
    throw error;
  });
  return {
    rssMb: () => rssMb(started.pid),
    alive: () => started.end() === undefined,
    stop: async () => {
      await started.stop(15_000);
      folder.remove();
    },
  };
}

/** A worker process that is started again whenever it ends, as a supervisor or a container engine does. */
export interface KeptWorker {
  readonly pid: () => number;
  /** False from its end until the next process polls, of which `pid` then speaks. */
  readonly up: () => boolean;
  /** How often it has ended by itself. */
  readonly ends: () => number;
  stop(): Promise<void>;
}

export async function keepWorkerProcess(databaseUrl: string, options: ProcessOptions): Promise<KeptWorker> {
  const folder = temporaryFolder('worker');
  let current: ServerProcess | undefined;
  let ends = 0;
  let up = true;
  const start = async (): Promise<ServerProcess> => {
    current = await launch(folder.path, databaseUrl, options);
    return current;
  };
  const kept = await keepAlive('The worker', start, (line) => {
    if (line.includes('ended')) ends++;
    up = line.includes('is back');
  });
  return {
    pid: () => current!.pid,
    ends: () => ends,
    up: () => up,
    stop: async () => {
      await kept.stop(15_000);
      folder.remove();
    },
  };
}

async function launch(
  home: string,
  databaseUrl: string,
  { program = MAIN, env }: ProcessOptions = {},
): Promise<ServerProcess> {
  const started = await startServerProcess({
    name: 'The worker',
    file: process.execPath,
    args: [...NODE_FLAGS, program],
    logFile: join(home, 'worker.log'),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: sharedTemporal().address,
      BLOK_HOME: home,
      BLOK_SECRET_KEY: TEST_KEY,
      BLOK_LOG_LEVEL: 'info',
      ...env,
    },
  });
  const polls = () => started.tail(1_000).includes('worker is polling');
  await until(() => polls() || started.end(), { withinMs: READY_WITHIN_MS });
  if (polls()) return started;
  const said = started.tail();
  await started.stop(15_000);
  throw new Error(`The worker did not start:\n${said}`);
}

/** Resident memory of a process, in megabytes. */
function rssMb(pid: number): number {
  const kb = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Math.round(Number(kb) / 1_024);
}
