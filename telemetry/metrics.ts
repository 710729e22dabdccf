import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type LabelsOf, METRICS, type MetricName, type NameOf } from './metric-list.ts';
import { readText } from './way-out.ts';

/** Counts and measures. */
export interface Metrics {
  count<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  observe<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, seconds: number): void;
  /** Sets a gauge to these values, and to no others. */
  set<Name extends NameOf<'gauge'>>(name: Name, values: readonly (readonly [LabelsOf<Name>, number])[]): void;
  /** Does this before metrics are read, at most every five seconds: it sets gauges. */
  beforeRead(work: () => Promise<void>): void;
  /** All metrics, as Prometheus reads them. */
  text(): Promise<string>;
}

/** How often gauges are set that ask servers for their values. */
const FRESH_MS = 5_000;

/** Loads the library. Whoever wants no metrics does not call this. */
export async function createMetrics(): Promise<Metrics> {
  const client = await import('prom-client');
  const registry: Registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  const makers = { counter: client.Counter, gauge: client.Gauge, histogram: client.Histogram };
  const made = new Map<MetricName, Counter | Gauge | Histogram>();
  for (const [name, { type, help, labels, ...rest }] of Object.entries(METRICS)) {
    const options = {
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      ...('buckets' in rest && { buckets: [...rest.buckets] }),
    };
    made.set(name as MetricName, new makers[type](options as never));
  }
  const works: (() => Promise<void>)[] = [];
  let readAt = 0;
  return {
    count: (name, labels, by = 1) => (made.get(name) as Counter).inc(labels, by),
    observe: (name, labels, seconds) => (made.get(name) as Histogram).observe(labels, seconds),
    set: (name, values) => {
      const gauge = made.get(name) as Gauge;
      gauge.reset();
      for (const [labels, value] of values) gauge.set(labels, value);
    },
    beforeRead: (work) => void works.push(work),
    text: async () => {
      if (Date.now() - readAt > FRESH_MS) {
        readAt = Date.now();
        await Promise.all(works.map((work) => work().catch(() => undefined)));
      }
      return registry.metrics();
    },
  };
}

/** Where metrics are read. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves metrics on a port of its own, because whoever collects them should reach nothing else.
 *
 * @param more addresses of this machine whose metrics are appended: those of Temporal's library
 */
export async function serveMetrics(
  metrics: Metrics,
  { host, port, more = [] }: { host: string; port: number; more?: readonly string[] },
): Promise<MetricsServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    const texts = await Promise.all([metrics.text(), ...more.map(readText)]);
    response.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(texts.join('\n'));
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} of ${host} is in use. Set BLOK_METRICS_PORT to another one.`)
          : error,
      );
    server.once('error', refuse);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
