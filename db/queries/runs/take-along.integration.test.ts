import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tenant } from '../../database.ts';
import { allSteps } from '../../testing/all-steps.ts';
import { runRecord, stepRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { whileHeld } from '../../testing/while-held.ts';
import { foldStatistics } from '../statistics/fold.ts';
import { addPartition, PARTITIONED } from './partitions.ts';
import { appendSteps, closeRun, upsertRun } from './record-run.ts';
import { forgetRuns, REMOVED, removeLeftRows, removeRuns } from './remove-runs.ts';
import { graphOfRun, keepGraph } from './run-graph.ts';
import { keepLog, logPage } from './run-log.ts';
import { getRun } from './runs.ts';
import { takeAlong } from './take-along.ts';
import { addLabels, labelsOf } from './terms.ts';

const OLD = '2001-01-01';
const until = '2001-02-01';
const MANY = 100_000;
const MOST_COPIED = 500;
const LINES = MOST_COPIED + 1;

const store = useDatabase();
let owner: postgres.Sql;
beforeAll(async () => {
  owner = postgres(store.url(), { max: 1, onnotice: () => {} });
  for (const table of PARTITIONED) {
    await owner.unsafe(`drop table ${table}_first`);
    await owner.unsafe(`create table ${table}_old partition of ${table} for values from ('${OLD}') to ('${until}')`);
    await store.inside((tx) => addPartition(tx, { table, ahead: 0 }));
  }
});
afterAll(() => owner.end());

/** A run that began in a month that is over. */
async function oldRun(runId: string, { steps = 1 } = {}): Promise<void> {
  await owner`insert into run_month (workspace_id, run_id, month) values ('a', ${runId}, ${OLD})`;
  await store.inside((tx) => upsertRun(tx, runRecord({ runId, steps: [stepRecord()] })));
  const line = { at: '2001-01-01T00:00:00.000Z', step: 'a', attempt: 1, level: 'info', message: 'm', data: 1 } as const;
  const lines = Array.from({ length: LINES }, (_, seq) => ({ ...line, seq }));
  await store.inside((tx) => keepLog(tx, { runId, lines }));
  await owner`insert into step (workspace_id, run_id, month, path, segment, history_length, seq, node, type, status, attempts)
    select 'a', ${runId}, ${OLD}, 'each[' || n || '].a', 0, 0, n, 'a', 'kv.get', 'succeeded', 1
    from generate_series(1, ${steps - 1}::int) as n`;
}
const end = (runId: string) =>
  ({ runId, status: 'failed', output: null, endedAt: '2026-01-01T00:00:05.000Z' }) as const;
const error = { code: 'x', message: 'lost', step: '', node: '', attempts: 0, unknown: false };
const stepsOf = async (runId: string) => (await store.inside((tx) => allSteps(tx, runId))).length;
const rowsIn = async (table: string, runId: string) =>
  (await owner.unsafe(`select count(*)::int as n from ${table} where run_id = '${runId}'`))[0]!.n as number;

/** How many rows of steps this session has written. */
const written = async (tx: Tenant): Promise<number> => {
  const { rows } = await tx.db.execute<{ n: number }>(
    `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int as n from pg_stat_xact_user_tables where relname like 'step%'`,
  );
  return rows[0]!.n;
};

/** How many rows of steps each transaction has written. */
const counts: number[] = [];
beforeEach(() => {
  counts.length = 0;
});
const counting = async <T>(tx: Tenant, work: (tx: Tenant) => Promise<T>): Promise<T> => {
  const before = await written(tx);
  const done = await work(tx);
  counts.push((await written(tx)) - before);
  return done;
};

describe('a run with a hundred thousand steps', () => {
  it('moves in small transactions, while it is written and read, and loses nothing', { timeout: 120_000 }, async () => {
    await oldRun('large', { steps: MANY });
    const inside = async <T>(work: (tx: Tenant) => Promise<T>): Promise<T> => {
      const result = await store.inside((tx) => counting(tx, work));
      if (counts.length === 20) {
        // Of these two steps one was copied already.
        const late = [stepRecord({ path: 'each[1].a', output: 'late' }), stepRecord({ path: 'each[new].a' })];
        await store.inside((tx) => appendSteps(tx, { runId: 'large', steps: late, segment: 1 }));
        expect(await store.inside((tx) => labelsOf(tx, { runId: 'large' }))).toEqual([]);
        expect(await stepsOf('large')).toBe(MANY + 1);
      }
      return result;
    };
    expect(await takeAlong(inside, { until })).toBe(1);
    expect(counts.length).toBeGreaterThan(MANY / MOST_COPIED);
    expect(Math.max(...counts)).toBeLessThanOrEqual(MOST_COPIED);
    const steps = await store.inside((tx) => allSteps(tx, 'large'));
    expect(steps).toHaveLength(MANY + 1);
    expect(steps.find(({ path }) => path === 'each[1].a')).toMatchObject({ output: 'late' });
    expect(await store.inside((tx) => logPage(tx, { runId: 'large', limit: 1_000 }))).toHaveLength(LINES);
    expect(await takeAlong(store.inside, { until })).toBe(0);
  });

  it('is removed in small transactions once it has ended', { timeout: 120_000 }, async () => {
    await oldRun('ended', { steps: MANY });
    await store.inside((tx) => closeRun(tx, { ...end('ended'), error }));
    await owner`insert into control (workspace_id, run_id, id, action, by, digest, outcome)
      values ('a', 'ended', 'c', 'cancel', 'me', '', 'done'), ('a', 'large', 'c', 'cancel', 'me', '', 'done')`;
    for (const remove of [removeRuns, removeLeftRows, forgetRuns])
      for (let most = REMOVED; most >= REMOVED; )
        most = await store.inside((tx) => counting(tx, () => remove(tx, { until })));
    expect(counts.length).toBeGreaterThan(MANY / REMOVED);
    expect(Math.max(...counts)).toBeLessThanOrEqual(REMOVED);
    for (const table of ['step', 'run_log', 'run_term', 'run_payload', 'run_month', 'control'])
      expect([table, await rowsIn(table, 'ended')]).toEqual([table, 0]);
    // What the other run left behind where it was is gone, too, and the run itself is whole.
    expect(await rowsIn('step', 'large')).toBe(MANY + 1);
    expect(await rowsIn('control', 'large')).toBe(1);
  });
});

describe('whoever writes about a run while it moves', () => {
  const graph = { blok: 1 as const, name: 'given', nodes: {} };

  const writers: readonly (readonly [string, (tx: Tenant, runId: string) => Promise<unknown>])[] = [
    ['its end', (tx: Tenant, runId: string) => closeRun(tx, { ...end(runId), error })],
    ['a label', (tx: Tenant, runId: string) => addLabels(tx, { runId, labels: ['vip'] })],
    ['its graph', (tx: Tenant, runId: string) => keepGraph(tx, { runId, graph })],
  ];
  it.each(writers)('waits, and writes %s to where the run is then', async (what, write) => {
    const runId = what.replaceAll(' ', '-');
    await oldRun(runId);
    // All of it in one transaction, so that the other one begins in its middle.
    const moving = (tx: Tenant) => takeAlong((work) => work(tx), { until });
    const { waited } = await whileHeld(store.inside, moving, () => store.inside((tx) => write(tx, runId)));
    expect(waited).toBe(true);
    expect(await owner`select from run where id = ${runId} and month = ${OLD}`).toHaveLength(0);
    expect(await owner`select from run_payload where run_id = ${runId} and month = ${OLD}`).toHaveLength(0);
    expect(await owner`select from run_term where run_id = ${runId} and month = ${OLD}`).toHaveLength(0);
    const found = await store.inside((tx) => getRun(tx, { runId }));
    expect(found).toMatchObject({ status: what === 'its end' ? 'failed' : 'running', steps: [{ path: 'a' }] });
    expect(await store.inside((tx) => labelsOf(tx, { runId }))).toEqual(what === 'a label' ? ['vip'] : []);
    expect(await store.inside((tx) => graphOfRun(tx, { runId }))).toEqual(what === 'its graph' ? graph : null);
  });
});

describe('statistics', () => {
  it('read the months of the runs that they count, and no others', async () => {
    await store.inside(foldStatistics);
    await store.inside((tx) =>
      upsertRun(tx, runRecord({ ...end('now'), endedAt: new Date().toISOString(), steps: [stepRecord()] })),
    );
    const read = await store.inside(async (tx) => {
      const scans = async () => {
        const { rows } = await tx.db.execute<{ name: string; scans: number }>(`select relname as name,
          (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int as scans from pg_stat_xact_user_tables`);
        return new Map(rows.map((row) => [row.name, row.scans]));
      };
      const before = await scans();
      await foldStatistics(tx);
      return [...(await scans())].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name);
    });
    expect(read.filter((name) => /^(run|step)_\d/.test(name))).toHaveLength(2);
    expect(read.filter((name) => /^(run|step)_(old|rest)/.test(name))).toEqual([]);
  });
});
