import type { LogLevel, LogMetadata } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { ThreadEnded } from './threads/thread.ts';

let installed = false;

/** Names and units as Prometheus recommends them. */
const AS_PROMETHEUS_SAYS = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } as const;

/**
 * Limits the log of Temporal's SDK to errors: a user's failing step or run is not an event of the worker, and logging
 * it would expose users' data. Call this once per process, before the first connection.
 *
 * @param metrics where the SDK serves its own metrics, `host:port`; absent: nowhere
 */
export function installRuntime({ metrics }: { metrics?: string | undefined } = {}): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger: new QuietLogger('ERROR'),
    telemetryOptions: {
      logging: { forward: {}, filter: 'ERROR' },
      ...(metrics !== undefined && { metrics: { prometheus: { bindAddress: metrics, ...AS_PROMETHEUS_SAYS } } }),
    },
  });
}

/** Leaves out the runs of a thread that has ended. There may be hundreds, and the end of the thread is logged once. */
class QuietLogger extends DefaultLogger {
  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (!(meta?.error instanceof ThreadEnded)) super.log(level, message, meta);
  }
}
