/**
 * A cancel waits for the real outcome of everything that can be undone, and for nothing else (interpreter README §6).
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getRun, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { eventsWith, executionsOf } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

describeWith(['temporal'], 'a cancelled run', () => {
  let test: TestWorker;
  const outside = testNodes();
  beforeAll(async () => {
    test = await startTestWorker({ nodes: outside.nodes });
  });
  afterAll(() => test.dispose());

  const graph = (node: object): string =>
    JSON.stringify({ blok: 1, name: 'cancelled', nodes: { charge: { uses: 'test.slow', ...node } } });

  /** Starts a run, cancels it once its effect is running, and says how the run ended and after how long. */
  async function cancelled(node: object) {
    const handle = await test.start(graph(node));
    await expect
      .poll(() => outside.calls.some((call) => handle.workflowId.endsWith(call.runId)), { timeout: 10_000 })
      .toBe(true);
    const began = Date.now();
    await handle.cancel();
    const result = await resultOf(handle);
    const runId = handle.workflowId.split('/').at(-1)!;
    return { status: result.status, runId, took: Date.now() - began, done: () => outside.done(runId) };
  }

  const undo = { compensate: { uses: 'test.echo', with: { value: 'refund' } } };

  it('undoes an effect that happened after the cancel', async () => {
    const run = await cancelled({ with: { ms: 2_500, listens: false }, ...undo });
    expect(run.status).toBe('cancelled');
    expect(run.done()).toEqual(['charge', 'charge.compensate']);
  });

  it('undoes an effect that was stopped midway, because it may have happened', async () => {
    const run = await cancelled({ with: { ms: 20_000 }, ...undo });
    expect(run.status).toBe('cancelled');
    expect(run.done()).toEqual(['charge.compensate']);
    expect(run.took).toBeLessThan(12_000);
  });

  it('cancels the run it called, although it does not wait for that run', async () => {
    await test.publish('blok: 1\nname: called\nnodes: { w: { uses: wait, with: { for: 1h } } }');
    const handle = await test.start(graph({ uses: 'workflow.run', with: { workflow: 'called' } }));
    const childOf = async () => {
      const started = eventsWith(
        await executionsOf(test.client, handle.workflowId),
        'childWorkflowExecutionStartedEventAttributes',
      );
      return started[0]?.workflowExecution?.workflowId ?? null;
    };
    await expect.poll(childOf, { timeout: 10_000 }).not.toBeNull();
    const child = test.client.workflow.getHandle((await childOf())!);
    await handle.cancel();
    expect(await resultOf(handle)).toMatchObject({ status: 'cancelled' });
    await expect.poll(async () => (await child.describe()).status.name, { timeout: 10_000 }).toBe('CANCELLED');
  });

  it('does not wait for an effect that has no undo', async () => {
    const run = await cancelled({ with: { ms: 4_000, listens: false } });
    expect(run.status).toBe('cancelled');
    expect(run.took).toBeLessThan(3_000);
    expect(run.done()).toEqual([]);
    const row = await withWorkspace(test.database, WORKSPACE, (tx) => getRun(tx, { runId: run.runId }));
    expect(row).toMatchObject({ status: 'cancelled', steps: [{ path: 'charge', status: 'cancelled' }] });
  });
});
