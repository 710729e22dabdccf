import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '../api/app.ts';
import { temporalRuns } from '../api/temporal/runs.ts';
import { depsBeside } from '../api/testing/beside-worker.ts';
import { type RecordingServer, recordingServer } from '../integrations/http/testing/recording-server.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { createMetrics, type Metrics } from '../telemetry/metrics.ts';
import { type Collector, startCollector } from '../telemetry/testing/collector.ts';
import { createTracing, type Tracing } from '../telemetry/tracing.ts';
import { startTestWorker, type TestWorker } from './testing/worker.ts';

const CALLER = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

describeWith(['temporal'], 'what operators watch of a run', () => {
  let collector: Collector;
  let provider: RecordingServer;
  let metrics: Metrics;
  let tracing: Tracing;
  let test: TestWorker;
  beforeAll(async () => {
    collector = await startCollector();
    provider = await recordingServer();
    metrics = await createMetrics();
    tracing = await createTracing({ endpoint: collector.endpoint, service: 'test' });
    const telemetry = { metrics, tracing, close: async () => undefined };
    test = await startTestWorker({ allowHosts: ['127.0.0.1'], telemetry });
  });
  afterAll(async () => {
    await test.dispose();
    await provider.close();
    collector.close();
  });

  it('is one trace from the caller’s request to what a step sends, also of a run that the run calls, and is measured', async () => {
    const telemetry = { metrics, tracing, close: async () => undefined };
    const runs = temporalRuns({
      ...{ address: sharedTemporal().address, namespace: 'default', taskQueue: test.taskQueue },
      traceparent: tracing.current,
    });
    const app = createApp({ ...depsBeside(test, runs), telemetry });
    let attempts = 0;
    provider.answer = (_, res) =>
      void res.writeHead(++attempts === 1 ? 503 : 200, { 'content-type': 'application/json' }).end('{}');
    const call = {
      uses: 'http.request',
      with: { url: `${provider.base}/secret?token=secret` },
      retry: { delay: '100ms' },
    };
    await test.publish(JSON.stringify({ blok: 1, name: 'called', nodes: { inner: call } }));
    const graph = { blok: 1, name: 'caller', nodes: { sub: { uses: 'workflow.run', with: { workflow: 'called' } } } };
    const headers = { 'content-type': 'application/json', traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` };
    const answer = await app.request('/api/runs?wait=30', { method: 'POST', headers, body: JSON.stringify({ graph }) });
    expect(((await answer.json()) as { status: string }).status).toBe('succeeded');
    await runs.close();
    await tracing.close();
    const { spans } = collector;
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [request] = named('POST');
    expect(request).toMatchObject({ parentSpanId: CALLER.spanId, attributes: { 'http.route': '/api/runs' } });
    expect(named('workflow.run')[0]).toMatchObject({
      parentSpanId: request!.spanId,
      attributes: { 'blok.workflow': 'caller' },
    });
    const steps = named('http.request');
    expect(steps.map(({ attributes }) => attributes['blok.attempt'])).toEqual([1, 2]);
    expect(steps[0]).toMatchObject({
      attributes: { 'error.type': 'http.503', 'blok.step': 'inner', 'blok.workflow': 'called' },
    });
    expect(named('GET 127.0.0.1').map(({ parentSpanId }) => parentSpanId)).toEqual(steps.map(({ spanId }) => spanId));
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([CALLER.traceId]));
    expect(JSON.stringify(spans)).not.toContain('secret');
    const text = await metrics.text();
    expect(text).toContain('blok_step_seconds_count{type="http.request",effect="at-least-once",outcome="failed"} 1');
    expect(text).toContain('blok_step_retries_total{type="http.request"} 1');
    expect(text).toMatch(/blok_step_queue_seconds_count\{queue="test-[^"]*"\} \d/);
    expect(text).toContain('blok_runs_ended_total{status="succeeded"} 2');
    expect(text).toContain('blok_http_request_seconds_count{method="POST",route="/api/runs",status="200"} 1');
  });
});
