import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { expect, it, vi } from 'vitest';
import { describeWith } from '../scripts/testing/needs.ts';
import { sharedTemporal } from '../scripts/testing/temporal.ts';
import { awaitEnd } from './await-end.ts';

describeWith(['temporal'], 'waiting for the end of a workflow', () => {
  it.each([
    ['a connection in JavaScript', () => Connection.connect({ address: sharedTemporal().address })],
    ['a native connection', () => NativeConnection.connect({ address: sharedTemporal().address })],
  ])('asks the server a few times, over %s', async (_, connect) => {
    const connection = await connect();
    const client = new Client({ connection });
    const handle = await client.workflow.start('nobody', {
      taskQueue: 'served-by-nobody',
      workflowId: `await-end-${crypto.randomUUID()}`,
    });
    const asks = vi.spyOn(client.workflowService, 'getWorkflowExecutionHistory');
    const began = Date.now();
    expect(await awaitEnd(client, handle.workflowId, { withinMs: 2_000 })).toBe(false);
    expect(Date.now() - began).toBeGreaterThanOrEqual(2_000);
    expect(asks.mock.calls.length).toBeLessThan(10);
    const [ended] = await Promise.all([awaitEnd(client, handle.workflowId), handle.terminate()]);
    expect(ended).toBe(true);
    expect(await awaitEnd(client, 'known-by-nobody')).toBe(true);
    await connection.close();
  });
});
