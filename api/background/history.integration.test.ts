import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getRun, listPartitions, PARTITIONED, upsertRun } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import { useApi } from '../testing/api.ts';
import { keepHistory } from './history.ts';

const api = useApi();
let owner: postgres.Sql;
beforeAll(() => {
  owner = postgres(api.store.url(), { max: 1, onnotice: () => {} });
});
afterAll(() => owner.end());

const keep = (keepMonths?: number) => keepHistory({ database: api.database(), workspace: 'a', keepMonths });
const monthsOf = async () => [...new Set((await api.store.inside(listPartitions)).map(({ until }) => until))];

it('prepares the months to come, and keeps everything unless told otherwise', async () => {
  await api.record(runRecord({ runId: 'rold', endedAt: '2026-01-01T00:00:05.000Z', status: 'succeeded' }));
  await keep();
  await keep();
  const partitions = await api.store.inside(listPartitions);
  expect(partitions).toHaveLength(4 * PARTITIONED.length);
  expect((await api.get('/api/runs/rold')).status).toBe(200);
});

it('removes months whose time is over and the runs in them, but no open run', async () => {
  await keep();
  const before = await monthsOf();
  const ended = { endedAt: '2026-01-01T00:00:05.000Z', status: 'succeeded' } as const;
  await api.record(runRecord({ runId: 'rdone', steps: [stepRecord()], ...ended }));
  await api.record(runRecord({ runId: 'ropen', steps: [stepRecord()] }));
  // As if they had been written before the first partition ended.
  for (const table of PARTITIONED) {
    await owner.unsafe(`alter table ${table} detach partition ${table}_first`);
    await owner.unsafe(`update ${table}_first set month = '2001-01-01'`);
    await owner.unsafe(
      `alter table ${table} attach partition ${table}_first for values from (minvalue) to ('2001-02-01')`,
    );
  }
  await owner`update run_month set month = '2001-01-01'`;
  await keep(1);
  expect(await monthsOf()).toEqual(expect.arrayContaining(before.slice(1)));
  expect(await monthsOf()).not.toContain('2001-02-01');
  expect((await api.get('/api/runs/rdone')).status).toBe(404);
  expect((await api.get('/api/runs?limit=10')).body.items.map(({ id }: { id: string }) => id)).toEqual(['ropen']);
  expect(await owner`select run_id as id from run_month`).toEqual([{ id: 'ropen' }]);
  expect(await owner`select run_id as id from step`).toEqual([{ id: 'ropen' }]);
});

it('removes its runs under an open run of another workspace, which keeps all that it has', async () => {
  for (const table of PARTITIONED) {
    await owner.unsafe(`drop table if exists ${table}_first`);
    await owner.unsafe(
      `create table ${table}_shared partition of ${table} for values from ('2001-03-01') to ('2001-04-01')`,
    );
    await owner.unsafe(
      `create table ${table}_later partition of ${table} for values from ('2001-04-01') to ('2001-05-01')`,
    );
  }
  await keep();
  const ended = { endedAt: '2026-01-01T00:00:05.000Z', status: 'succeeded' } as const;
  await api.record(runRecord({ runId: 'rmine', steps: [stepRecord()], ...ended }));
  await api.store.inside((tx) => upsertRun(tx, runRecord({ runId: 'rtheirs', workspace: 'b', steps: [] })), 'b');
  for (const table of PARTITIONED)
    await owner.unsafe(
      `update ${table} set month = '2001-03-01' where ${table === 'run' ? 'id' : 'run_id'} in ('rmine', 'rtheirs')`,
    );
  await owner`update run_month set month = '2001-03-01' where run_id in ('rmine', 'rtheirs')`;
  await keep(1);
  expect((await api.get('/api/runs/rmine')).status).toBe(404);
  expect(await owner`select from step where run_id = 'rmine'`).toHaveLength(0);
  expect(await owner`select run_id as id from run_month where month = '2001-03-01'`).toEqual([{ id: 'rtheirs' }]);
  expect(await api.store.inside((tx) => getRun(tx, { runId: 'rtheirs' }), 'b')).toMatchObject({
    input: { name: 'Ada' },
  });
  // Months that nobody has open runs in are dropped whole.
  expect(await monthsOf()).toContain('2001-04-01');
  expect(await monthsOf()).not.toContain('2001-05-01');
});

it('makes nobody wait for long while somebody reads, and tries again until it can', async () => {
  await keep();
  const newest = (await api.store.inside(listPartitions)).filter(({ table }) => table === 'run').at(-1)!;
  await owner.unsafe(`drop table ${newest.name}`);
  const reader = postgres(api.store.url(), { max: 1, onnotice: () => {} });
  const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
  const { promise: isOver, resolve: release } = Promise.withResolvers<void>();
  const reading = reader.begin(async (tx) => {
    await tx`select count(*) from run`;
    read();
    await isOver;
  });
  await isRead;
  const keeping = keep();
  const begin = performance.now();
  for (let times = 0; times < 20; times++) await api.get('/api/runs?limit=1');
  expect(performance.now() - begin).toBeLessThan(20 * 200);
  release();
  await Promise.all([reading, keeping]);
  await reader.end();
  expect((await api.store.inside(listPartitions)).map(({ name }) => name)).toContain(newest.name);
});
