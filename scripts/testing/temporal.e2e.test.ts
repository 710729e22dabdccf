import { Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../workflows/contract.ts';
import { describeWith } from './needs.ts';
import { ownTemporal, sharedTemporal } from './temporal.ts';

describeWith(['temporal'], 'Temporal for tests', () => {
  it('has the search attributes of Blok and keeps histories for a week', async () => {
    const connection = await Connection.connect({ address: sharedTemporal().address });
    try {
      const namespace = 'default';
      const { config } = await connection.workflowService.describeNamespace({ namespace });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 24 * 3600);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
    } finally {
      await connection.close();
    }
  });

  it('comes back after a kill with what it knew', async () => {
    const temporal = await ownTemporal();
    try {
      const workflowId = 'kept';
      const start = { workflowId, workflowType: { name: 'none' }, taskQueue: { name: 'nobody' }, namespace: 'default' };
      const before = await Connection.connect({ address: temporal.address });
      await before.workflowService.startWorkflowExecution({ ...start, requestId: 'one' });
      await before.close();
      await temporal.kill();
      await temporal.start();
      const after = await Connection.connect({ address: temporal.address });
      const execution = { workflowId };
      const found = await after.workflowService.describeWorkflowExecution({ namespace: 'default', execution });
      expect(found.workflowExecutionInfo?.type?.name).toBe('none');
      await after.close();
    } finally {
      await temporal.dispose();
    }
  });
});
