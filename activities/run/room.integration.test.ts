import { expect, it } from 'vitest';
import { upsertRun } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { requireRoom } from './room.ts';

const store = useDatabase();

it('lets a run start another while there is room, and try again later when there is none', async () => {
  await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'open' })));
  await store.inside((tx) => requireRoom({ maxOpenRuns: 2 }, tx));
  await expect(store.inside((tx) => requireRoom({ maxOpenRuns: 1 }, tx))).rejects.toMatchObject({
    code: 'run.tooMany',
    retryable: true,
    message: expect.stringContaining('BLOK_MAX_OPEN_RUNS'),
  });
  await store.inside((tx) => requireRoom({ maxOpenRuns: 1 }, tx), 'another');
});
