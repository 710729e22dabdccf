import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from '../../embedded/boot/node-flags.mjs';
import { freePort } from '../../embedded/process/ports.ts';
import { startServerProcess } from '../../embedded/process/server-process.ts';
import { until } from '../../embedded/process/wait.ts';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The API as a process of its own, for tests that measure it. */
export interface ApiProcess {
  readonly port: number;
  readonly url: string;
  /** Memory that the process holds now, in megabytes. */
  rssMb(): number;
  /** The end of its log. */
  tail(): string;
  stop(): Promise<void>;
}

/** Starts the API as `npm run api` does, without a Temporal: runs that only compute need none. */
export async function startApiProcess(databaseUrl: string): Promise<ApiProcess> {
  const folder = temporaryFolder('api');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = await startServerProcess({
    name: 'The API',
    file: process.execPath,
    args: [...NODE_FLAGS, MAIN],
    logFile: join(folder.path, 'api.log'),
    env: {
      ...process.env,
      ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: '127.0.0.1:1', PORT: String(port), BLOK_WORKSPACE: 'a' },
      // The name by which raw requests ask.
      BLOK_PUBLIC_URL: 'http://localhost',
      ...{ BLOK_HOME: folder.path, BLOK_SECRET_KEY: Buffer.alloc(32, 9).toString('base64') },
    },
  });
  const answers = () =>
    fetch(`${url}/api/health/live`).then(
      (answer) => answer.ok,
      () => false,
    );
  if (!(await until(answers, { withinMs: 60_000, everyMs: 200 }))) throw new Error(started.tail());
  return {
    port,
    url,
    rssMb: () => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(started.pid)])) / 1_024),
    tail: () => started.tail(),
    stop: async () => {
      await started.stop(15_000);
      folder.remove();
    },
  };
}
