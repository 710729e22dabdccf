import type { WorkflowHandle } from '@temporalio/client';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getWaits, takeSlot, waitingRuns, withWorkspace } from '../../db/index.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { type OwnTemporal, ownTemporal } from '../../scripts/testing/temporal.ts';
import { resultOf, startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';

const graph = (name: string, onLimit: string) => `
blok: 1
name: ${name}
concurrency: { key: "\${{ input.customer }}", limit: 1, onLimit: ${onLimit} }
nodes:
  go: { uses: waitForEvent, with: { event: go } }
`;

describeWith(['temporal'], 'concurrency', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker();
  });
  afterAll(() => test.dispose());

  const start = (name: string, onLimit: string, runId: string, customer = 'ann') =>
    test.start(graph(name, onLimit), { input: { customer }, runId });
  const waitsFor = (runId: string, kind: string) =>
    expect
      .poll(() => withWorkspace(test.database, WORKSPACE, (tx) => getWaits(tx, { runId })), { timeout: 15_000 })
      .toMatchObject([{ kind }]);
  const go = (handle: WorkflowHandle, id: string) =>
    handle.signal('event', { id, name: 'go', data: null, at: new Date().toISOString() });

  it('queues, shows what it waits for, and goes on when a place is free', async () => {
    const first = await start('queued', 'queue', 'rq1');
    await waitsFor('rq1', 'event');
    const second = await start('queued', 'queue', 'rq2');
    await waitsFor('rq2', 'queue');
    const other = await start('queued', 'queue', 'rq3', 'bob');
    await waitsFor('rq3', 'event');
    await go(first, 'a');
    expect(await resultOf(first)).toMatchObject({ status: 'succeeded' });
    await waitsFor('rq2', 'event');
    await go(second, 'b');
    await go(other, 'c');
    expect(await resultOf(second)).toMatchObject({ status: 'succeeded' });
    expect(await resultOf(other)).toMatchObject({ status: 'succeeded' });
  });

  it('drops a run that exceeds the limit', async () => {
    const first = await start('dropped', 'drop', 'rd1');
    await waitsFor('rd1', 'event');
    expect(await resultOf(await start('dropped', 'drop', 'rd2'))).toMatchObject({
      status: 'cancelled',
      error: { message: expect.stringContaining('Dropped') },
    });
    await go(first, 'd');
    expect(await resultOf(first)).toMatchObject({ status: 'succeeded' });
  });

  it('takes the place of a run that ended while the database was unavailable', async () => {
    const first = await start('crashed', 'drop', 'rc1');
    await waitsFor('rc1', 'event');
    await go(first, 'g');
    await resultOf(first);
    // As if the closing write of the run had been lost: its row is open, and the run still holds its place.
    const request = { runId: 'rc1', workflowId: first.workflowId, workflow: 'crashed', key: 'ann', limit: 1 };
    await withWorkspace(test.database, WORKSPACE, async (tx) => {
      await tx.db.execute(sql`update run set ended_at = null, status = 'running' where id = 'rc1'`);
      expect(await takeSlot(tx, request)).toEqual({ taken: true });
    });
    const second = await start('crashed', 'drop', 'rc2');
    await waitsFor('rc2', 'event');
    await go(second, 'h');
    expect(await resultOf(second)).toMatchObject({ status: 'succeeded' });
  });

  it('cancels the oldest', async () => {
    const first = await start('newest', 'cancelOldest', 'rn1');
    await waitsFor('rn1', 'event');
    const second = await start('newest', 'cancelOldest', 'rn2');
    expect(await resultOf(first)).toMatchObject({ status: 'cancelled' });
    await waitsFor('rn2', 'event');
    await go(second, 'e');
    expect(await resultOf(second)).toMatchObject({ status: 'succeeded' });
  });

  it('can be cancelled in the queue', async () => {
    const first = await start('left', 'queue', 'rl1');
    await waitsFor('rl1', 'event');
    const second = await start('left', 'queue', 'rl2');
    await waitsFor('rl2', 'queue');
    await second.cancel();
    expect(await resultOf(second)).toMatchObject({ status: 'cancelled' });
    await go(first, 'f');
    expect(await resultOf(first)).toMatchObject({ status: 'succeeded' });
  });

  it('lets a called run without a priority of its own wait with that of the run which calls it', async () => {
    const first = await start('shared', 'queue', 'rp1');
    await waitsFor('rp1', 'event');
    await test.publish(graph('shared', 'queue'));
    const calls = 'call: { uses: workflow.run, with: { workflow: shared, input: { customer: ann } } }';
    const text = `blok: 1\nname: calling\nnodes: { ${calls} }\n`;
    const caller = await test.start(text, { runId: 'rp2', start: { priority: { priorityKey: 1 } } });
    const line = () =>
      withWorkspace(test.database, WORKSPACE, (tx) => waitingRuns(tx, { workflow: 'shared', limit: 9 }));
    await expect.poll(async () => (await line()).waiting, { timeout: 15_000 }).toMatchObject([{ priority: 1 }]);
    const { events } = await caller.fetchHistory();
    const begun = events!.flatMap((each) => each.childWorkflowExecutionStartedEventAttributes ?? [])[0]!;
    const called = await test.client.workflow.getHandle(begun.workflowExecution!.workflowId!).describe();
    expect(called.raw.workflowExecutionInfo?.priority?.priorityKey).toBe(1);
    await caller.cancel();
    expect(await resultOf(caller)).toMatchObject({ status: 'cancelled' });
    await go(first, 'p');
    expect(await resultOf(first)).toMatchObject({ status: 'succeeded' });
  });

  it('distinguishes places by stored data, too', async () => {
    const input = { customer: 'ann', much: 'x'.repeat(100_000) };
    const first = await test.start(graph('large', 'drop'), { runId: 'rg1', input });
    await waitsFor('rg1', 'event');
    const second = await test.start(graph('large', 'drop'), { runId: 'rg2', input });
    expect(await resultOf(second)).toMatchObject({ status: 'cancelled' });
    await go(first, 'i');
    expect(await resultOf(first)).toMatchObject({ status: 'succeeded' });
  });

  it('fails a run whose key cannot be computed', async () => {
    const handle = await test.start(graph('broken', 'queue').replace('input.customer', 'input.customer.id.no'), {
      input: { customer: null },
    });
    expect(await resultOf(handle)).toMatchObject({
      status: 'failed',
      error: { code: 'expression', message: expect.stringContaining('concurrency.key') },
    });
  });
});

describeWith(['temporal'], 'a run that queues for long', () => {
  let temporal: OwnTemporal;
  let test: TestWorker;
  beforeAll(async () => {
    temporal = await ownTemporal({ 'limit.historyCount.suggestContinueAsNew': 12 });
    test = await startTestWorker({ address: temporal.address });
  });
  afterAll(async () => {
    await test?.dispose();
    await temporal?.dispose();
  });

  it('keeps the messages it received, however often it continues as new', async () => {
    const first = await test.start(graph('long', 'queue'), { input: { customer: 'ann' } });
    await expect.poll(async () => ((await first.query('ask')) as { waits: [] }).waits.length).toBe(1);
    const second = await test.start(graph('long', 'queue'), { input: { customer: 'ann' } });
    const told = { id: 'early', name: 'go', data: 'kept', at: new Date().toISOString() };
    await second.signal('event', told);
    const firstExecution = (await second.describe()).runId;
    await expect.poll(async () => (await second.describe()).runId, { timeout: 30_000 }).not.toBe(firstExecution);
    await first.signal('event', { ...told, id: 'other' });
    // The event of the run had arrived before the run began.
    expect(await resultOf(second)).toMatchObject({ status: 'succeeded' });
  });
});
