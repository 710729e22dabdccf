import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { putBlob, reserveCall, SWEPT, type Tenant, takeSlot } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { whileHeld } from '../../db/testing/while-held.ts';
import { useApi } from '../testing/api.ts';
import { sweepAll } from './sweep.ts';

const api = useApi();
const sweep = () => sweepAll({ database: api.database(), runs: api.runs(), workspace: 'a' });

it('a sweep tells the next run of a line that another one has left by its end', async () => {
  const place = (runId: string) => ({ runId, workflowId: `w/${runId}`, workflow: 'swept', key: '', limit: 1 });
  for (const runId of ['ended', 'next', 'last']) await api.store.inside((tx) => takeSlot(tx, place(runId)));
  await api.record(runRecord({ runId: 'ended', workflowId: 'w/ended', endedAt: '2026-01-01T00:00:00.000Z' }));
  await sweep();
  expect(api.runs().askedAgain).toEqual(['w/next']);
  await sweep();
  expect(api.runs().askedAgain).toEqual(['w/next']);
});

it('a sweep goes on until nothing is left, although each transaction removes little', async () => {
  await api.store.inside((tx) =>
    tx.db.execute(sql`insert into kv (workspace_id, workflow, key, value, version, expires_at)
      select 'a', 'w', 'k' || n, '1', 1, now() - interval '2 days' from generate_series(1, ${3 * SWEPT + 1}) as n`),
  );
  await sweep();
  const { rows } = await api.store.inside((tx) => tx.db.execute(sql`select from kv`));
  expect(rows).toEqual([]);
});

it('a sweep removes all other kinds although one cannot be removed', async () => {
  await api.store.inside((tx) =>
    tx.db.execute(sql`insert into kv (workspace_id, workflow, key, value, version, expires_at)
      values ('a', 'w', 'stays', '1', 1, now() - interval '2 days')`),
  );
  const bytes = new TextEncoder().encode('left');
  await api.store.inside((tx) => putBlob(tx, { bytes, runId: 'never-started' }));
  await api.store.inside((tx) => tx.db.execute(sql`update blob set created_at = now() - interval '91 days'`));
  const owner = new Client({ connectionString: api.store.url() });
  await owner.connect();
  try {
    await owner.query(
      `create function refuse() returns trigger language plpgsql as 'begin raise exception ''refused''; end'`,
    );
    await owner.query('create trigger refused before delete on kv for each row execute function refuse()');
    await expect(sweep()).rejects.toThrow();
    expect((await owner.query('select from blob')).rowCount).toBe(0);
    await owner.query('drop trigger refused on kv');
    await sweep();
    expect((await owner.query('select from kv')).rowCount).toBe(0);
  } finally {
    await owner.end();
  }
});

it('what is known of calls to models is kept up to date while the rest of a sweep waits', async () => {
  await api.store.inside(async (tx) => {
    await tx.db.execute(sql`insert into kv (workspace_id, workflow, key, value, version, expires_at)
      values ('a', 'w', 'held', '1', 1, now() - interval '2 days')`);
    await reserveCall(tx, {
      ...{ id: 'left', workflow: 'w', runId: 'r', step: 's', attempt: 1, connection: null, provider: 'p', model: 'm' },
      ...{ estimate: 1n, leaseSeconds: -1 },
    });
  });
  const state = async (): Promise<unknown> =>
    (await api.store.inside((tx) => tx.db.execute(sql`select state from model_call`))).rows[0]!.state;
  let noted: boolean | undefined;
  const hold = async (tx: Tenant): Promise<void> => {
    await tx.db.execute(sql`select from kv where key = 'held' for update`);
  };
  const { waited } = await whileHeld(api.store.inside, hold, sweep, async () => {
    noted = (await state()) === 'unknown';
  });
  expect({ waited, noted }).toEqual({ waited: true, noted: true });
});

it('data of a start that never became a run is removed once no run can need it any more', async () => {
  const store = (runId: string) =>
    api.store.inside((tx) => putBlob(tx, { bytes: new TextEncoder().encode(runId), runId }));
  const [gone, young] = [await store('never-started'), await store('just-started')];
  await api.record(runRecord({ runId: 'known' }));
  const kept = await store('known');
  await api.store.inside((tx) =>
    tx.db.execute(sql`update blob set created_at = now() - interval '91 days' where sha256 <> ${young.sha256}`),
  );
  await sweep();
  const { rows } = await api.store.inside((tx) => tx.db.execute<{ sha256: string }>(sql`select sha256 from blob`));
  expect(rows.map(({ sha256 }) => sha256).sort()).toEqual([kept.sha256, young.sha256].sort());
  expect(rows).not.toContainEqual({ sha256: gone.sha256 });
});
