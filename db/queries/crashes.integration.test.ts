import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { useDatabase } from '../testing/tenants.ts';
import { addCrash, crashesOf } from './crashes.ts';

const store = useDatabase();
const run = { workflowId: 'default/w/call/1' };

it('counts the crashes of a run, whichever worker reports them', async () => {
  expect(await store.inside((tx) => crashesOf(tx, run))).toEqual({ total: 0, alone: 0 });
  const reports = [false, true, true].map((alone) => store.inside((tx) => addCrash(tx, { ...run, alone })));
  const counts = await Promise.all(reports);
  expect(counts.map(({ total }) => total).toSorted()).toEqual([1, 2, 3]);
  expect(await store.inside((tx) => crashesOf(tx, run))).toEqual({ total: 3, alone: 2 });
  expect(await store.inside((tx) => crashesOf(tx, run), 'other')).toEqual({ total: 0, alone: 0 });
});

it('begins to count again after an hour without a crash', async () => {
  const old = { workflowId: 'default/w/call/2' };
  await store.inside((tx) => addCrash(tx, { ...old, alone: true }));
  await store.inside((tx) =>
    tx.db.execute(sql`update crash set last_at = now() - interval '61 minutes' where workflow_id = ${old.workflowId}`),
  );
  expect(await store.inside((tx) => crashesOf(tx, old))).toEqual({ total: 0, alone: 0 });
  expect(await store.inside((tx) => addCrash(tx, { ...old, alone: false }))).toEqual({ total: 1, alone: 0 });
});
