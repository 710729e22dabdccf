/** A worker as `npm run worker` starts it, for tests that measure the process. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
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

/** Starts a worker process on the shared Temporal and a migrated database. Resolves when the worker polls. */
export async function startWorkerProcess(databaseUrl: string): Promise<WorkerProcess> {
  const folder = temporaryFolder('worker');
  const process_ = await startServerProcess({
    name: 'The worker',
    file: process.execPath,
    args: [...NODE_FLAGS, MAIN],
    logFile: join(folder.path, 'worker.log'),
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: sharedTemporal().address,
      BLOK_HOME: folder.path,
      BLOK_SECRET_KEY: TEST_KEY,
      BLOK_LOG_LEVEL: 'info',
    },
  });
  const polls = () => process_.tail(1_000).includes('worker is polling');
  const stop = async () => {
    await process_.stop(15_000);
    folder.remove();
  };
  await until(() => polls() || process_.end(), { withinMs: READY_WITHIN_MS });
  if (!polls()) {
    const said = process_.tail();
    await stop();
    throw new Error(`The worker did not start:\n${said}`);
  }
  return { rssMb: () => rssMb(process_.pid), alive: () => process_.end() === undefined, stop };
}

/** Resident memory of a process, in megabytes. */
function rssMb(pid: number): number {
  const kb = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Math.round(Number(kb) / 1_024);
}
