/** Temporal's test server that skips time: a wait of 90 days takes milliseconds. It is a Java program. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findProgram } from '../../../embedded/process/find-program.ts';
import { cacheFolder, makeWhole } from '../../../embedded/temporal/cache.ts';
import { startProgress } from '../../../embedded/temporal/progress.ts';

/** The version that servers/temporal-test-server/pom.xml pins. */
export const TEST_SERVER_VERSION = '1.38.0';

/**
 * Path of a program that starts the time-skipping server, fetched with Maven if it is not in the cache.
 * @example
 * const path = await timeSkippingServer();
 * await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
 * @throws Error if it must be fetched and Maven is missing or fails
 */
export async function timeSkippingServer(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cached = cachedTimeSkippingServer(env);
  if (cached) return cached;
  const folder = folderIn(env);
  const progress = startProgress(
    `Fetching Temporal's time-skipping test server ${TEST_SERVER_VERSION} with Maven (once)`,
  );
  try {
    await makeWhole(folder, async (temporary) => {
      mkdirSync(temporary, { recursive: true });
      await copyJars(join(temporary, 'jars'));
      writeFileSync(join(temporary, NAME), LAUNCHER);
      chmodSync(join(temporary, NAME), 0o755);
    });
    progress.done();
  } catch (error) {
    progress.done('failed');
    throw error;
  }
  return join(folder, NAME);
}

/** Path of the program if it is in the cache and there is a Java to run it. */
export function cachedTimeSkippingServer(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const launcher = join(folderIn(env), NAME);
  return existsSync(launcher) && findProgram('java', env) ? launcher : undefined;
}

function folderIn(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `temporal-test-server-${TEST_SERVER_VERSION}`);
}

const NAME = 'temporal-test-server';

/** The SDK gives the arguments that the server's Java main class takes. */
const LAUNCHER = `#!/bin/sh
exec java -cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$@"
`;

async function copyJars(output: string) {
  const pom = fileURLToPath(new URL('../../../servers/temporal-test-server/pom.xml', import.meta.url));
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime'];
  try {
    await promisify(execFile)('mvn', [...args, `-DoutputDirectory=${output}`]);
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    throw new Error(
      `Maven cannot fetch Temporal's test server: ${(stdout ?? message).trim().split('\n').slice(0, 4).join('\n')}`,
    );
  }
}
