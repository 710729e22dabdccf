/** Temporal for e2e tests: the shared dev server, or a separate server that a test may kill. */
import { join } from 'node:path';
import { inject } from 'vitest';
import { freePort } from '../../embedded/process/ports.ts';
import { type DevServer, startDevServer } from '../../embedded/temporal/dev-server.ts';
import type { DynamicConfig } from '../../embedded/temporal/dynamic-config.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Addresses of the shared dev server: namespace `default`, search attributes of Blok registered. Other files use it
 * too, so use unique names for task queues and workflow ids.
 * @throws Error if there is no Temporal: put the tests into `describeWith(['temporal'], ...)`
 */
export function sharedTemporal(): { readonly address: string; readonly uiUrl: string; readonly cli: string } {
  const temporal = inject('temporal');
  if ('missing' in temporal) throw new Error(temporal.missing);
  return temporal;
}

/** A dev server with its data in a file: it survives `kill`, and `start` brings it back on the same port. */
export interface OwnTemporal {
  readonly address: string;
  /** Pid of the current process. */
  readonly pid: () => number;
  /** Kills the server as a crash would (SIGKILL) and waits until it has ended. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Stops it and removes its data. */
  readonly dispose: () => Promise<void>;
}

/**
 * Starts a Temporal dev server for one test, with its own settings if necessary.
 *
 * @param cli another program than the shared server's: `otherClock`
 */
export async function ownTemporal(
  dynamicConfig: DynamicConfig = {},
  cli: string = sharedTemporal().cli,
): Promise<OwnTemporal> {
  const folder = temporaryFolder('own-temporal');
  const options = {
    cli,
    port: await freePort(),
    databaseFile: join(folder.path, 'temporal.db'),
    logFile: join(folder.path, 'temporal.log'),
    dynamicConfig,
  };
  let server: DevServer = await startDevServer(options);
  return {
    address: server.address,
    pid: () => server.process.pid,
    kill: async () => {
      process.kill(server.process.pid, 'SIGKILL');
      await server.process.ended;
    },
    start: async () => {
      server = await startDevServer(options);
    },
    dispose: async () => {
      await server.process.stop();
      folder.remove();
    },
  };
}
