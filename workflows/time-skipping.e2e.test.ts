import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineNode } from '../integrations/define.ts';
import { NodeError } from '../integrations/error.ts';
import { describeWith } from '../scripts/testing/needs.ts';
import { timeSkippingServer } from '../scripts/testing/temporal/time-skipping.ts';
import { installRuntime } from '../worker/runtime.ts';
import { resultOf, startTestWorker, type TestWorker } from '../worker/testing/worker.ts';

const DAY_MS = 86_400_000;

/** Fails until the given attempt. */
const stubborn = defineNode({
  type: 'test.stubborn',
  version: '1.0.0',
  title: 'Stubborn',
  description: 'Fails until the given attempt.',
  effect: 'idempotent',
  timeout: '1m',
  retry: { maxAttempts: 1, delay: '1s', factor: 1, maxDelay: '1s', attemptTimeout: '10s' },
  input: z.strictObject({ until: z.int().describe('Attempt that succeeds.') }),
  output: z.object({ attempt: z.int() }).describe('Which attempt it was.'),
  examples: [{ title: 'Once', with: { until: 1 } }],
  run: async (ctx, { until }) => {
    if (ctx.attempt < until)
      throw new NodeError('test.notYet', `Attempt ${ctx.attempt} of ${until}.`, { retryable: true });
    return { attempt: ctx.attempt };
  },
});

const wait = (length: string) => `
blok: 1
name: reminder
nodes:
  pause: { uses: wait, with: { for: ${length} } }
  done: { uses: kv.set, needs: [pause], with: { key: reminded, value: true } }
output: { from: "\${{ run.startedAt }}", at: "\${{ nodes.pause.at }}" }
`;

const retries = (attempts: number, delay: string) => `
blok: 1
name: patience
nodes:
  call: { uses: test.stubborn, with: { until: ${attempts} }, retry: { maxAttempts: ${attempts}, delay: ${delay}, factor: 1, maxDelay: ${delay} } }
output: "\${{ nodes.call.attempt }}"
`;

describeWith(['time-skipping'], 'waits of months', () => {
  let environment: TestWorkflowEnvironment;
  let test: TestWorker;
  beforeAll(async () => {
    installRuntime(); // Before the environment makes a runtime of its own.
    environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: await timeSkippingServer() } },
    });
    test = await startTestWorker({ address: environment.address, nodes: [stubborn] });
  });
  afterAll(async () => {
    await test?.dispose();
    await environment?.teardown();
  });

  /** A run's result. The environment is asked for it, so that time is skipped in the meantime. */
  const run = async (graph: string) => {
    // This server knows no search attributes.
    const { workflowId } = await test.start(graph, { start: { searchAttributes: {} } });
    return resultOf(environment.client.workflow.getHandle(workflowId));
  };

  it('sleep for 90 days and go on', async () => {
    const { status, output } = await run(wait('90d'));
    const { from, at } = output as { from: string; at: string };
    expect(status).toBe('succeeded');
    expect(Date.parse(at) - Date.parse(from)).toBeGreaterThanOrEqual(90 * DAY_MS);
  });

  it('try once a day for 400 days', async () => {
    const before = await environment.currentTimeMs();
    expect(await run(retries(400, '1d'))).toMatchObject({ status: 'succeeded', output: 400 });
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(399 * DAY_MS);
  });
});

describeWith(['temporal'], 'the same, short, on the real server', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker({ nodes: [stubborn] });
  });
  afterAll(() => test.dispose());

  it('sleep and go on', async () => {
    expect(await resultOf(await test.start(wait('1s')))).toMatchObject({ status: 'succeeded' });
  });

  it('try again, within Temporal and beyond it', async () => {
    expect(await resultOf(await test.start(retries(4, '50ms')))).toMatchObject({ status: 'succeeded', output: 4 });
  });
});
