import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/**
 * Limits the log of Temporal's SDK to errors: a user's failing step or run is not an event of the worker, and logging
 * it would expose users' data. Call this once per process, before the first connection.
 */
export function installRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}
