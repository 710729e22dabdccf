import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { startPostgres } from '../../../embedded/postgres/server.ts';
import { freePort } from '../../../embedded/process/ports.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/contract.ts';
import { describeWith } from '../needs.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { serverPrograms, startTemporalServer } from './server.ts';
import { timeSkippingServer } from './time-skipping.ts';

describeWith(['temporal-server'], 'Temporal server on Postgres', () => {
  it('makes its databases, knows our search attributes, and comes back on them after a kill', async () => {
    const folder = temporaryFolder('temporal-server');
    const port = await freePort();
    const postgres = await startPostgres({
      folder: join(folder.path, 'postgres'),
      port,
      logFile: join(folder.path, 'postgres.log'),
      durable: false,
    });
    const options = { programs: await serverPrograms(), postgresUrl: postgres.url('postgres'), folder: folder.path };
    const first = await startTemporalServer(options);
    try {
      process.kill(first.process.pid, 'SIGKILL');
      await first.process.ended;
      const second = await startTemporalServer({ ...options, ports: first.ports });
      const connection = await Connection.connect({ address: second.address });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
      await connection.close();
      await second.process.stop();
    } finally {
      await first.process.stop();
      await postgres.process.stop();
      folder.remove();
    }
  });
});

describeWith(['time-skipping'], 'The time-skipping server', () => {
  it('skips 90 days', async () => {
    const path = await timeSkippingServer();
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
    try {
      const before = await environment.currentTimeMs();
      const began = Date.now();
      await environment.sleep('90 days');
      expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(90 * 24 * 3600 * 1000);
      expect(Date.now() - began).toBeLessThan(60_000);
    } finally {
      await environment.teardown();
    }
  });
});
