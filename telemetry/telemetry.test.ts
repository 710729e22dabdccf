import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { fetch as outgoing } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics, serveMetrics } from './metrics.ts';
import { startCollector } from './testing/collector.ts';
import { createTracing } from './tracing.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: (request: IncomingMessage, body: string) => string): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    response.end(answer(request, body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('metrics', () => {
  it('are served with those of Temporal’s library, and nothing else is', async () => {
    const library = await serve(() => 'temporal_example 7\n');
    const metrics = await createMetrics();
    metrics.count('blok_runs_ended_total', { status: 'failed' }, 2);
    metrics.observe('blok_step_seconds', { type: 'kv.set', effect: 'exactly-once', outcome: 'succeeded' }, 0.02);
    let open = 1;
    metrics.beforeRead(async () => metrics.set('blok_open_runs', [[{}, open++]]));
    const server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0, more: [`${library}/metrics`] });
    const read = async (path: string) => (await outgoing(`http://127.0.0.1:${server.port}${path}`)).text();
    const text = await read('/metrics');
    expect(text).toContain('blok_runs_ended_total{status="failed"} 2');
    expect(text).toContain(
      'blok_step_seconds_bucket{le="0.025",type="kv.set",effect="exactly-once",outcome="succeeded"} 1',
    );
    expect(text).toContain('blok_open_runs 1');
    expect(text).toContain('temporal_example 7');
    // Gauges are not asked for again at once.
    expect(await read('/metrics')).toContain('blok_open_runs 1');
    expect(await read('/')).toBe('');
    await expect(serveMetrics(metrics, { host: '127.0.0.1', port: server.port })).rejects.toThrow('BLOK_METRICS_PORT');
    await server.close();
  });

  it('forget values of a gauge that are none any more', async () => {
    const metrics = await createMetrics();
    metrics.set('blok_queue_waiting', [[{ queue: 'gone', of: 'steps' }, 3]]);
    metrics.set('blok_queue_waiting', [[{ queue: 'blok', of: 'steps' }, 4]]);
    const text = await metrics.text();
    expect(text).toContain('blok_queue_waiting{queue="blok",of="steps"} 4');
    expect(text).not.toContain('gone');
  });
});

describe('traces', () => {
  it('go from a caller’s span over ours to the requests that are sent within, and name no addresses or messages', async () => {
    const collector = await startCollector();
    const { endpoint, spans, paths } = collector;
    let carried: string | string[] | undefined;
    const service = await serve((request) => {
      carried = request.headers.traceparent;
      return 'x';
    });
    const tracing = await createTracing({ endpoint, service: 'test' });
    const caller = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const parent = `00-${caller.traceId}-${caller.spanId}-01`;
    let named: string | undefined;
    await tracing.span({ name: 'POST', kind: 'server', attributes: { 'blok.run': 'r1' }, parent }, async (note) => {
      named = tracing.current();
      const { trace_id, span_id } = tracing.ids()!;
      expect(named).toBe(`00-${trace_id}-${span_id}-01`);
      await outgoing(`${service}/secret-path?token=secret`).then((answer) => answer.text());
      note({ 'http.route': '/api/runs' });
    });
    const failing = tracing.span({ name: 'step', kind: 'internal', attributes: {}, parent: named }, () =>
      Promise.reject(Object.assign(new Error('secret message'), { type: 'http.500' })),
    );
    await expect(failing).rejects.toThrow('secret message');
    expect([tracing.current(), tracing.ids()]).toEqual([undefined, undefined]);
    await outgoing(service).then((answer) => answer.text());
    await tracing.close();
    collector.close();
    expect(paths[0]).toBe('/v1/traces');
    const [server, client, step] = ['POST', 'GET 127.0.0.1', 'step'].map(
      (name) => spans.find((span) => span.name === name)!,
    );
    expect(spans).toHaveLength(3);
    expect([server!.traceId, server!.parentSpanId]).toEqual([caller.traceId, caller.spanId]);
    expect(client!.parentSpanId).toBe(server!.spanId);
    expect(step!.parentSpanId).toBe(server!.spanId);
    expect(server!.attributes).toMatchObject({ 'blok.run': 'r1', 'http.route': '/api/runs' });
    expect(client!.attributes).toMatchObject({ 'http.request.method': 'GET', 'http.response.status_code': 200 });
    expect([step!.status.code, step!.attributes['error.type']]).toEqual([2, 'http.500']);
    expect(JSON.stringify(spans)).not.toContain('secret');
    expect(carried).toBe(undefined);
  });
});

it('loads nothing while it is switched off', async () => {
  const open = JSON.stringify(new URL('open.ts', import.meta.url).href);
  const program = `
    const { registerHooks } = await import('node:module');
    const loaded = [];
    registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) });
    const { openTelemetry, isOn } = await import(${open});
    const telemetry = await openTelemetry({ metricsHost: '127.0.0.1', service: 'test' });
    console.log(JSON.stringify({ isOn: isOn(telemetry), loaded }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const { isOn, loaded } = JSON.parse(stdout) as { isOn: boolean; loaded: string[] };
  expect(isOn).toBe(false);
  expect(loaded.filter((name) => /prom-client|opentelemetry|metrics\.ts|tracing\.ts/.test(name))).toEqual([]);
});
