import { DefaultLogger, Runtime } from '@temporalio/worker';

let installed = false;

/**
 * Quiets Temporal's SDK to errors: a user's failing step or run is no event of the worker's, and its log would carry
 * users' data. Once per process, before the first connection.
 */
export function installRuntime(): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}
