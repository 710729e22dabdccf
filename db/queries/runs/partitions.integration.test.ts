import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../scripts/testing/postgres.ts';
import { openDatabase, withWorkspace } from '../../database.ts';
import { migrate } from '../../migrate/migrate.ts';
import { migrateUntil } from '../../testing/migrate-until.ts';
import { runRecord, stepRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { addPartition, dropPartition, listPartitions } from './partitions.ts';
import { upsertRun } from './record-run.ts';
import { forgetRuns, removeLeftRows, removeRuns } from './remove-runs.ts';
import { listRuns } from './run-list.ts';
import { getRun } from './runs.ts';
import { takeAlong } from './take-along.ts';

const store = useDatabase();
let owner: postgres.Sql;
beforeAll(() => {
  owner = postgres(store.url(), { max: 1, onnotice: () => {} });
});
afterAll(() => owner.end());

const month = (ahead: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 10);
};
const end = { status: 'succeeded', endedAt: '2026-01-01T00:00:05.000Z', historyLength: 9 } as const;

/** Puts a run into a month that is over: into a partition made for it. */
async function runIn(past: number, runId: string, { workspace = 'a', isOpen = false } = {}): Promise<void> {
  const record = runRecord({ runId, workspace, steps: [stepRecord()], ...(isOpen ? {} : end) });
  await store.inside((tx) => upsertRun(tx, record), workspace);
  for (const table of ['run', 'run_payload', 'step'])
    await owner.unsafe(
      `update ${table} set month = '${month(past)}' where ${table === 'run' ? 'id' : 'run_id'} = '${runId}'`,
    );
  await owner`update run_month set month = ${month(past)} where run_id = ${runId}`;
}

/** Divides what there is until now into months, as if there had been partitions all the time. */
async function pastMonth(past: number): Promise<void> {
  for (const table of ['run', 'run_payload', 'step', 'run_term', 'run_log']) {
    await owner.unsafe(`drop table if exists ${table}_first`);
    await owner.unsafe(
      `create table if not exists ${table}_past${-past} partition of ${table} for values from ('${month(past)}') to ('${month(past + 1)}')`,
    );
  }
  for (const ahead of [0, 1])
    for (const table of ['run', 'run_payload', 'step', 'run_term', 'run_log'] as const)
      await store.inside((tx) => addPartition(tx, { table, ahead }));
}

describe('partitions', () => {
  it('are made once for each month, by a role that owns nothing, under row-level security', async () => {
    expect(await store.inside((tx) => addPartition(tx, { table: 'step', ahead: 3 }))).toBe(true);
    expect(await store.inside((tx) => addPartition(tx, { table: 'step', ahead: 3 }))).toBe(false);
    // The first partition holds this month.
    expect(await store.inside((tx) => addPartition(tx, { table: 'step', ahead: 0 }))).toBe(false);
    const name = `step_${month(3).slice(0, 7).replace('-', '_')}`;
    const [made] =
      await owner`select relrowsecurity as on, relforcerowsecurity as forced from pg_class where relname = ${name}`;
    expect(made).toEqual({ on: true, forced: true });
    await expect(store.inside((tx) => tx.db.execute(`select from ${name}`))).rejects.toThrow(/permission denied/);
    await expect(store.inside((tx) => tx.db.execute('drop table step'))).rejects.toThrow(/must be owner/);
    const months = (await store.inside(listPartitions))
      .filter(({ table }) => table === 'step')
      .map(({ until }) => until);
    expect(months).toEqual([month(1), month(4)]);
  });

  it('are not dropped before their month is over, nor by any other name', async () => {
    const [first] = await store.inside(listPartitions);
    const drop = (change: object) => store.inside((tx) => dropPartition(tx, { ...first!, ...change }));
    await expect(drop({})).rejects.toThrow(/no partition/);
    await expect(drop({ name: 'run_rest', until: month(0) })).rejects.toThrow(/no partition/);
    await expect(drop({ name: 'connection', until: month(0) })).rejects.toThrow(/no partition/);
    await expect(drop({ table: 'connection' })).rejects.toThrow(/no partition/);
  });

  it('hold rows of a month that nobody has prepared, too, and such rows are removed with theirs', async () => {
    await runIn(-30, 'unprepared');
    expect(await store.inside((tx) => getRun(tx, { runId: 'unprepared' }))).toMatchObject({ steps: [{ path: 'a' }] });
    expect(await store.inside((tx) => removeRuns(tx, { until: month(-29) }))).toBe(1);
    expect(await store.inside((tx) => getRun(tx, { runId: 'unprepared' }))).toBeNull();
    await store.inside((tx) => removeLeftRows(tx, { until: month(-2) }));
    expect(await owner`select from step where run_id = 'unprepared'`).toHaveLength(0);
    expect(await store.inside((tx) => forgetRuns(tx, { until: month(-29) }))).toBe(1);
  });
});

describe('a month that is over', () => {
  it('is dropped with all that belongs to its runs; runs that are open move on and lose nothing', async () => {
    await pastMonth(-3);
    await runIn(-3, 'old');
    await runIn(-3, 'open', { isOpen: true });
    await owner`insert into run_blob (workspace_id, run_id, sha256) values ('a', 'old', 'x'), ('a', 'open', 'y')`;
    const until = month(-2);
    const [runs, ...others] = (await store.inside(listPartitions)).filter((one) => one.until === until);
    expect(await store.inside((tx) => dropPartition(tx, runs!))).toBe('open');
    expect(await takeAlong(store.inside, { until })).toBe(1);
    expect(await takeAlong(store.inside, { until })).toBe(0);
    for (const one of [runs!, ...others]) expect(await store.inside((tx) => dropPartition(tx, one))).toBe('dropped');
    expect(await store.inside((tx) => forgetRuns(tx, { until }))).toBe(1);
    expect(await store.inside((tx) => getRun(tx, { runId: 'old' }))).toBeNull();
    expect(await store.inside((tx) => getRun(tx, { runId: 'open' }))).toMatchObject({
      status: 'running',
      input: { name: 'Ada' },
      steps: [{ path: 'a' }],
    });
    expect(await owner`select sha256 from run_blob order by 1`).toEqual([{ sha256: 'y' }]);
    // The run goes on where it is now.
    await store.inside((tx) => upsertRun(tx, runRecord({ runId: 'open', ...end, steps: [stepRecord({ path: 'b' })] })));
    expect((await store.inside((tx) => getRun(tx, { runId: 'open' })))!.steps).toHaveLength(2);
    expect(
      (await store.inside((tx) => listRuns(tx, { limit: 10 }))).items.filter(({ id }) => id === 'open'),
    ).toHaveLength(1);
  });

  it('is not dropped under another workspace', async () => {
    await pastMonth(-5);
    await runIn(-5, 'mine');
    await runIn(-5, 'theirs', { workspace: 'b' });
    const until = month(-4);
    const mine = (await store.inside(listPartitions)).filter((one) => one.until === until);
    for (const one of mine) expect(await store.inside((tx) => dropPartition(tx, one))).toMatch(/shared|dropped/);
    expect(await store.inside((tx) => removeRuns(tx, { until }))).toBe(1);
    await store.inside((tx) => removeLeftRows(tx, { until }));
    expect(await owner`select workspace_id as of from step where month = ${month(-5)}`).toEqual([{ of: 'b' }]);
    const theirs = await store.inside((tx) => getRun(tx, { runId: 'theirs' }), 'b');
    expect(theirs).toMatchObject({ input: { name: 'Ada' }, steps: [{ path: 'a' }] });
  });
});

describe('the migration to partitions', () => {
  it('keeps all that a database holds, and lists it as before', async () => {
    const fresh = await freshDatabase();
    const root = postgres(fresh.url, { max: 1, onnotice: () => {} });
    const database = openDatabase(fresh.url, { max: 2 });
    try {
      await migrateUntil(fresh.url, '0021_history');
      await root`insert into run (workspace_id, id, workflow_id, temporal_run_id, segment, history_length, workflow, trigger,
          status, started_at, ended_at)
        select 'a', 'r' || n, 'w/' || n, '', 0, 0, 'w', '{"id":null,"uses":"call","at":"","key":null}',
          case when n % 10 = 0 then 'waiting' else 'succeeded' end, now() - n * interval '1 day',
          case when n % 10 = 0 then null else now() end from generate_series(1, 300) as n`;
      await root`update run set trigger = '{"id":"nightly","uses":"schedule","at":"","key":null}',
        error = '{"code":"http.status","message":"404"}' where id = 'r5'`;
      await root`insert into run_payload (workspace_id, run_id, input) select workspace_id, id, '1' from run`;
      await root`update run_payload set trigger = '{"id":null,"uses":"call","by":"run:r5"}' where run_id = 'r6'`;
      await root`update run_payload set trigger = '{"id":null,"uses":"call","body":"\\u0000","by":"run:r5"}' where run_id = 'r7'`;
      await root`insert into step (workspace_id, run_id, path, segment, history_length, seq, node, type, status, attempts)
        select workspace_id, id, 'each[' || n || '].a', 0, 0, n, 'a', 'kv.get', 'succeeded', 1
        from run, generate_series(1, 3) as n`;
      await root`insert into wait (workspace_id, run_id, seq, step, kind, since)
        select workspace_id, id, n, 's', 'approval', now() from run, generate_series(0, 1) as n where ended_at is null`;
      await migrate(fresh.url);
      const inside = <T>(fn: Parameters<typeof withWorkspace<T>>[2]) => withWorkspace(database, 'a', fn);
      const { items } = await inside((tx) => listRuns(tx, { limit: 500 }));
      expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, n) => `r${n + 1}`));
      expect((await inside((tx) => listRuns(tx, { waits: 'approval', limit: 500 }))).items).toHaveLength(30);
      const ids = async (filter: object) =>
        (await inside((tx) => listRuns(tx, { ...filter, limit: 500 }))).items.map(({ id }) => id);
      for (const filter of [{ trigger: 'nightly' }, { uses: 'schedule' }, { error: 'http.status' }])
        expect(await ids(filter)).toEqual(['r5']);
      expect(await ids({ parent: 'r5' })).toEqual(['r6']);
      expect(await ids({ uses: 'call' })).toHaveLength(299);
      expect(await inside((tx) => getRun(tx, { runId: 'r7' }))).toMatchObject({ input: 1, steps: [{}, {}, {}] });
      // An open run goes on as the row that it is.
      await inside((tx) => upsertRun(tx, runRecord({ runId: 'r10', ...end })));
      expect((await inside((tx) => listRuns(tx, { limit: 500 }))).items).toHaveLength(300);
    } finally {
      await Promise.all([root.end(), database.close()]);
      await fresh.drop();
    }
  });
});
