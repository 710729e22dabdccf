import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { withWorkspace } from '../../db/index.ts';
import { runRecord, stepRecord } from '../../db/testing/records.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import { countAll } from '../background/statistics.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (ms: number) => new Date(ms).toISOString();
const NOW = Date.now();
/** The begin of this hour, and of the one before: runs that end now are counted as they are told. */
const THIS = Math.floor(NOW / HOUR_MS) * HOUR_MS;

let runs = 0;
/** A run that ended now, having taken so long. */
const ended = (change: Partial<RunRecord> & { ms?: number } = {}) => {
  const { ms = 1_000, ...rest } = change;
  const endedAt = at(Date.now());
  return api.record(
    runRecord({
      ...{ runId: `r${++runs}`, historyLength: 9, status: 'succeeded', endedAt },
      startedAt: at(Date.parse(endedAt) - ms),
      ...rest,
    }),
  );
};
const stats = async (query = '') => (await api.get(`/api/stats${query}`)).body;
const took = (ms: number) => ({ startedAt: at(NOW - ms), endedAt: at(NOW) });

describe('GET /api/stats', () => {
  const count = () => countAll({ database: api.database(), workspace: 'a' });

  it('counts runs that have just ended, of all workflows and of one, and says how long they took', async () => {
    await count();
    for (const ms of [100, 200, 300, 10_000]) await ended({ ms });
    await ended({ status: 'failed', workflow: 'other', ms: 100_000 });
    await ended({ status: 'cancelled', workflow: 'other' });
    const all = await stats();
    expect(all.total).toMatchObject({ runs: 6, counts: { succeeded: 4, failed: 1, cancelled: 1 }, successRate: 0.8 });
    const hello = await stats('?workflow=hello');
    expect(hello).toMatchObject({ workflow: 'hello', total: { runs: 4, counts: { succeeded: 4 }, successRate: 1 } });
    expect(hello.total.p50Ms).toBeGreaterThan(185);
    expect(hello.total.p50Ms).toBeLessThan(215);
    expect(hello.total.p95Ms).toBeGreaterThan(9_400);
    expect(hello.buckets.map((one: { at: string }) => one.at)).toEqual([at(THIS)]);
    expect((await stats('?workflow=none')).total).toEqual({
      runs: 0,
      counts: {},
      successRate: null,
      p50Ms: null,
      p95Ms: null,
      cost: '0',
    });
    expect((await stats('?by=day')).total.runs).toBe(6);
  });

  it('ranks the nodes that are slow, fail and are tried again', async () => {
    const error = { code: 'http.500', message: 'm', step: 'b', node: 'b', attempts: 3, unknown: false };
    const steps = [
      stepRecord({ path: 'a', node: 'a', ...took(50) }),
      stepRecord({ path: 'each[0].b', node: 'b', ...took(5_000), attempts: 3, status: 'failed', error }),
      stepRecord({ path: 'each[1].b', node: 'b', ...took(7_000) }),
    ];
    await ended({ workflow: 'steps', steps });
    await ended({ workflow: 'steps', steps: [stepRecord({ path: 'a', node: 'a', ...took(60) })] });
    const before = (await stats('?workflow=steps')).nodes;
    await count();
    const { nodes } = await stats('?workflow=steps');
    expect(nodes).toEqual(before);
    expect(nodes.slowest.map((one: { node: string }) => one.node)).toEqual(['b', 'a']);
    expect(nodes.failing).toMatchObject([
      { workflow: 'steps', node: 'b', type: 'kv.get', count: 2, failed: 1, retries: 2 },
    ]);
    expect(nodes.retried).toMatchObject([{ node: 'b', meanMs: 6_000 }]);
    expect(nodes.slowest[1]).toMatchObject({ count: 2, failed: 0 });
  });

  it('counts the steps of wide graphs, however many nodes have ended since the last count', async () => {
    const steps = Array.from({ length: 3_500 }, (_, i) => stepRecord({ path: `n${i}`, node: `n${i}`, ...took(10) }));
    await ended({ workflow: 'wide', steps });
    await ended({ workflow: 'wide', steps: [stepRecord({ path: 'n3499', node: 'n3499', ...took(20) })] });
    await count();
    await ended({ workflow: 'wide', steps: [stepRecord({ path: 'n7', node: 'n7', status: 'failed', ...took(30) })] });
    await count();
    expect((await stats('?workflow=wide')).total).toMatchObject({ runs: 3 });
    const counted = await withWorkspace(api.database(), 'a', (tx) =>
      tx.db.execute(sql`select grain, count(*)::int as nodes, sum(count)::int as steps, sum(failed)::int as failed,
        sum(ms)::int as ms from step_statistic where workflow = 'wide' group by grain order by grain`),
    );
    const each = { nodes: 3_500, steps: 3_502, failed: 1, ms: 35_050 };
    expect(counted.rows).toEqual([
      { grain: 'day', ...each },
      { grain: 'month', ...each },
    ]);
  });

  it('adds up what calls to models cost', async () => {
    await withWorkspace(api.database(), 'a', (tx) =>
      tx.db.execute(sql`insert into model_call (workspace_id, id, run_id, workflow, step, unit, attempt, provider, model, day,
        state, cost, counted, lease_until) select 'a', 'c' || n, 'priced', 'priced', 's', 's', 1, 'p', 'm', now(), 'settled',
        0.0125, 0.0125, now() from generate_series(1, 2) as n`),
    );
    await ended({ runId: 'priced', workflow: 'priced' });
    expect((await stats('?workflow=priced')).total.cost).toBe('0.025');
    await count();
    expect((await stats('?workflow=priced')).total.cost).toBe('0.025');
  });

  it('counts a run once, however often its end is written, and moves it if it ended otherwise', async () => {
    const twice = { runId: 'twice', workflow: 'twice' };
    await ended({ ...twice, status: 'terminated' });
    await ended({ ...twice, status: 'terminated' });
    expect((await stats('?workflow=twice')).total.counts).toEqual({ terminated: 1 });
    await ended({ ...twice, historyLength: 10, status: 'succeeded' });
    await Promise.all([count(), count(), count()]);
    expect((await stats('?workflow=twice')).total).toMatchObject({ runs: 1, counts: { succeeded: 1 } });
  });

  it('counts runs from before there were statistics, once', async () => {
    const before = { workspaceId: 'a', endedAt: at(NOW - 3 * 24 * HOUR_MS) };
    await withWorkspace(api.database(), 'a', async (tx) => {
      await tx.db.execute(sql`delete from statistic_state`);
      await tx.db.execute(sql`insert into run (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length, workflow,
        trigger, status, started_at, ended_at) select 'a', 'old' || n, date_trunc('month', now()), 'w', 't', 0, 0, 'old', '{}', 'succeeded',
        ${before.endedAt}::timestamptz - interval '1 s' * n, ${before.endedAt}::timestamptz from generate_series(1, 4500) as n`);
      await tx.db.execute(sql`insert into run_month (workspace_id, run_id, month)
        select workspace_id, id, month from run where workflow = 'old'`);
    });
    await count();
    expect((await stats('?workflow=old&by=day')).total.runs).toBe(0);
    await withWorkspace(api.database(), 'a', (tx) =>
      tx.db.execute(sql`update statistic_state set since = now() - interval '2 minutes'`),
    );
    await Promise.all([count(), count()]);
    await count();
    expect((await stats('?workflow=old&by=day')).total).toMatchObject({ runs: 4_500, counts: { succeeded: 4_500 } });
  });

  it('adds up the steps of a range that has whole months and parts of them', async () => {
    const today = Math.floor(NOW / DAY_MS) * DAY_MS;
    await withWorkspace(api.database(), 'a', async (tx) => {
      await tx.db.execute(sql`delete from statistic_state`);
      await tx.db.execute(sql`insert into run (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length, workflow,
        trigger, status, started_at, ended_at) select 'a', 'daily' || n, date_trunc('month', now()), 'w', 't', 0, 0, 'daily', '{}',
        'succeeded', ended_at, ended_at from generate_series(1, 150) as n,
        lateral (select ${at(today)}::timestamptz - interval '24 hours' * n as ended_at)`);
      await tx.db.execute(sql`insert into run_month (workspace_id, run_id, month)
        select workspace_id, id, month from run where workflow = 'daily'`);
      await tx.db.execute(sql`insert into step (workspace_id, run_id, month, path, segment, history_length, seq, node, type,
        status, attempts, started_at, ended_at) select 'a', id, month, 'a', 0, 0, 0, 'a', 'kv.get', 'succeeded', 1,
        started_at - interval '1 s', ended_at from run where workflow = 'daily'`);
    });
    await count();
    await withWorkspace(api.database(), 'a', (tx) =>
      tx.db.execute(sql`update statistic_state set since = ${at(today)}, rows_done = false`),
    );
    await count();
    for (const [from, to] of [
      [150, 0],
      [149, 3],
      [100, 20],
      [40, 39],
      [12, 11],
    ] as const) {
      const range = `from=${at(today - from * DAY_MS)}&to=${at(today - to * DAY_MS)}`;
      const { nodes, total } = await stats(`?workflow=daily&by=day&${range}`);
      expect(nodes.slowest).toMatchObject([{ node: 'a', count: from - to, meanMs: 1_000 }]);
      expect(nodes.slowest[0].p95Ms).toBeGreaterThan(950);
      expect(total.runs).toBe(from - to);
    }
  });

  it.each([
    ['?from=yesterday', 'must be an ISO time'],
    ['?from=0000-01-01T00:00:00Z&to=0000-01-02T00:00:00Z&by=day', 'years 1 to 9999'],
    ['?to=9999-12-31T23:59:59-12:00', 'years 1 to 9999'],
    // Both in the same hour.
    ['?from=2026-02-01T00:30:00Z&to=2026-02-01T00:10:00Z', 'must be before "to"'],
    ['?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'must be before "to"'],
    ['?from=2020-01-01T00:00:00Z', 'Ask by=day'],
    ['?by=month', 'query/by'],
  ])('refuses %s', async (query, words) => {
    expect(await api.get(`/api/stats${query}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(words) },
    });
  });
});
