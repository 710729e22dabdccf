import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../api/app.ts';
import { temporalRuns } from '../api/temporal/runs.ts';
import { depsBeside } from '../api/testing/beside-worker.ts';
import { freePort } from '../embedded/process/ports.ts';
import { until } from '../embedded/process/wait.ts';
import { defineNode } from '../integrations/define.ts';
import { type RecordingServer, recordingServer } from '../integrations/http/testing/recording-server.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { createLog } from '../telemetry/log.ts';
import { openTelemetry, type Telemetry } from '../telemetry/open.ts';
import { type Collector, startCollector } from '../telemetry/testing/collector.ts';
import { EXPRESSIONS, OWN, type Series, seriesIn, wrongIn } from '../telemetry/testing/expressions.ts';
import { INTERPRETER_VERSION } from '../workflows/contract.ts';
import { installRuntime } from './runtime.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from './testing/worker.ts';

const CALLER = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

const TALKER = defineNode({
  type: 'test.talk',
  version: '1.0.0',
  title: 'Talk',
  description: 'Writes a line into the log.',
  effect: 'read',
  timeout: '1m',
  retry: { maxAttempts: 1, delay: '1s', factor: 1, maxDelay: '1s', attemptTimeout: '10s' },
  input: z.strictObject({}),
  output: z.null(),
  examples: [{ title: 'Once', with: {} }],
  run: async ({ log }) => {
    log.info('hello');
    return null;
  },
});

describeWith(['temporal'], 'what operators watch of a run', () => {
  let collector: Collector;
  let provider: RecordingServer;
  let telemetry: Telemetry;
  let metricsPort: number;
  let test: TestWorker;
  const lines: Record<string, unknown>[] = [];
  beforeAll(async () => {
    collector = await startCollector();
    provider = await recordingServer();
    metricsPort = await freePort();
    const watched = { metricsPort, metricsHost: '127.0.0.1', otlpEndpoint: collector.endpoint, service: 'test' };
    telemetry = await openTelemetry(watched);
    installRuntime({ metrics: telemetry.temporalMetrics });
    const more = { log: logOf('worker'), nodes: [TALKER], maxCachedWorkflows: 1 };
    test = await startTestWorker({ allowHosts: ['127.0.0.1'], telemetry, ...more });
  });
  afterAll(async () => {
    await test.dispose();
    await telemetry.close();
    await provider.close();
    collector.close();
  });
  const logOf = (service: string) => {
    const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
    return createLog({ service, tracing: telemetry.tracing, destination });
  };

  it('is one trace from the caller’s request to what a step sends, also of a run that the run calls, and is measured', async () => {
    const { metrics, tracing } = telemetry;
    const runs = temporalRuns({
      ...{ address: sharedTemporal().address, namespace: 'default', taskQueue: test.taskQueue },
      traceparent: tracing!.current,
    });
    const app = createApp({ ...depsBeside(test, runs), telemetry, log: logOf('api').child({ workspace: WORKSPACE }) });
    let attempts = 0;
    provider.answer = (_, res) =>
      void res.writeHead(++attempts === 1 ? 503 : 200, { 'content-type': 'application/json' }).end('{}');
    const call = {
      uses: 'http.request',
      with: { url: `${provider.base}/secret?token=secret` },
      retry: { delay: '100ms' },
    };
    const nodes = { inner: call, talk: { uses: 'test.talk', needs: ['inner'] } };
    await test.publish(JSON.stringify({ blok: 1, name: 'called', nodes }));
    const graph = { blok: 1, name: 'caller', nodes: { sub: { uses: 'workflow.run', with: { workflow: 'called' } } } };
    const headers = { 'content-type': 'application/json', traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` };
    const answer = await app.request('/api/runs?wait=30', { method: 'POST', headers, body: JSON.stringify({ graph }) });
    expect(((await answer.json()) as { status: string }).status).toBe('succeeded');
    await runs.close();
    await tracing!.close();
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
    const text = await metrics!.text();
    expect(text).toContain('blok_step_seconds_count{type="http.request",effect="at-least-once",outcome="failed"} 1');
    expect(text).toContain('blok_step_retries_total{type="http.request"} 1');
    expect(text).toMatch(/blok_step_queue_seconds_count\{queue="test-[^"]*"\} \d/);
    expect(text).toContain('blok_runs_ended_total{status="succeeded"} 2');
    expect(text).toContain('blok_http_request_seconds_count{method="POST",route="/api/runs",status="200"} 1');
    const lineOf = (message: string) => lines.find(({ msg }) => msg === message);
    const { spanId } = named('test.talk')[0]!;
    expect(lineOf('request')).toMatchObject({
      ...{ service: 'api', workspace: WORKSPACE, route: '/api/runs' },
      ...{ trace_id: CALLER.traceId, span_id: request!.spanId },
    });
    expect(lineOf('hello')).toMatchObject({
      ...{
        service: 'worker',
        workspace: WORKSPACE,
        step: 'talk',
        attempt: 1,
        trace_id: CALLER.traceId,
        span_id: spanId,
      },
      run: steps[0]!.attributes['blok.run'],
    });
  });

  /** Temporal's library serves what it counts from the first time on: what happens in trouble only must happen first. */
  const provoke = async (): Promise<void> => {
    const nobody = test.client.workflow.getHandle('nobody');
    await expect(nobody.describe()).rejects.toThrow();
    await expect(nobody.result()).rejects.toThrow();
    // A worker that is older than a run leaves it to a newer one. There is room for one run in memory, so that this one
    // and the next put each other out.
    const graph = JSON.stringify({ blok: 1, name: 'newer', nodes: { pause: { uses: 'wait', with: { for: '1s' } } } });
    const newer = await test.start(graph, { interpreterVersion: INTERPRETER_VERSION + 1 });
    const both = await Promise.all([test.start(graph), test.start(graph)]);
    await Promise.all(both.map(resultOf));
    await served((series) => series.has('temporal_workflow_task_execution_failed_total'));
    await newer.terminate();
  };
  const served = async (holds: (series: Series) => boolean): Promise<Series> => {
    const read = async () => {
      const series = seriesIn(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text());
      return holds(series) && series;
    };
    return (await until(read, { withinMs: 20_000 })) as Series;
  };

  it('is served with what Temporal’s library counts, also of trouble, and dashboard and alerts ask for nothing else', async () => {
    await provoke();
    const series = await served(() => true);
    // Gauges of ours that have no value yet have no line.
    const known = new Map([...series, ...OWN]);
    expect(EXPRESSIONS.flatMap(([name, expr, shown]) => wrongIn(known, expr, shown).map((it) => [name, it]))).toEqual(
      [],
    );
  });
});
