import { createServer } from 'node:net';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** What is watched. Each is absent if it is switched off. */
export interface Telemetry {
  readonly metrics?: Metrics;
  readonly tracing?: Tracing;
  /** Where Temporal's library is to serve its own metrics, `host:port`. */
  readonly temporalMetrics?: string;
  close(): Promise<void>;
}

/** What the operator has chosen. */
export interface TelemetrySettings {
  /** Port for Prometheus; absent: no metrics. */
  readonly metricsPort?: number | undefined;
  readonly metricsHost: string;
  /** Base address of an OTLP collector; absent: no traces. */
  readonly otlpEndpoint?: string | undefined;
  /** What traces call this process. */
  readonly service: string;
}

/** Opens what is switched on, and loads nothing else. */
export async function openTelemetry(settings: TelemetrySettings): Promise<Telemetry> {
  const { metricsPort: port, metricsHost: host, otlpEndpoint: endpoint, service } = settings;
  const closing: (() => Promise<void>)[] = [];
  let metrics: Metrics | undefined;
  let temporalMetrics: string | undefined;
  if (port !== undefined) {
    const { createMetrics, serveMetrics } = await import('./metrics.ts');
    metrics = await createMetrics();
    temporalMetrics = `127.0.0.1:${await freePort()}`;
    const server = await serveMetrics(metrics, { host, port, more: [`http://${temporalMetrics}/metrics`] });
    closing.push(server.close);
  }
  let tracing: Tracing | undefined;
  if (endpoint !== undefined) {
    const { createTracing } = await import('./tracing.ts');
    tracing = await createTracing({ endpoint, service });
    closing.push(tracing.close);
  }
  return {
    ...(metrics && { metrics }),
    ...(tracing && { tracing }),
    ...(temporalMetrics !== undefined && { temporalMetrics }),
    close: async () => {
      await Promise.all(closing.map((close) => close()));
    },
  };
}

/** A port for Temporal's library, which cannot say which one it has taken. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Whether anything is switched on. */
export const isOn = (telemetry: Telemetry | undefined): telemetry is Telemetry =>
  telemetry?.metrics !== undefined || telemetry?.tracing !== undefined;
