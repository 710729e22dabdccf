/** How often the product writes for a run, counted by Postgres. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureWorkspace, withWorkspace } from '../../db/index.ts';
import { until } from '../../embedded/process/wait.ts';
import { describeWith } from '../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../scripts/testing/temporal.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { startTestWorker, type TestWorker, WORKSPACE } from '../../worker/testing/worker.ts';
import { createApp } from '../app.ts';
import type { Runs } from '../runs-port.ts';
import { temporalRuns } from '../temporal/runs.ts';
import { depsBeside } from '../testing/beside-worker.ts';

const RUNS = 10;
const NODE = { uses: 'test.echo', with: { value: 1 } };
const GRAPH = {
  blok: 1,
  name: 'counted',
  nodes: { a: NODE, b: { ...NODE, needs: ['a'] }, c: { ...NODE, needs: ['b'] } },
};

describeWith(['temporal'], 'a run that never waits', () => {
  let test: TestWorker;
  let runs: Runs;
  let app: ReturnType<typeof createApp>;
  let owner: postgres.Sql;
  beforeAll(async () => {
    test = await startTestWorker({ nodes: testNodes().nodes });
    await withWorkspace(test.database, WORKSPACE, ensureWorkspace);
    const { taskQueue } = test;
    runs = temporalRuns({ address: sharedTemporal().address, namespace: 'default', taskQueue });
    app = createApp(depsBeside(test, runs));
    owner = postgres(test.databaseUrl, { max: 1, onnotice: () => {} });
    await owner`create extension pg_stat_statements`;
  });
  afterAll(async () => {
    await owner?.end();
    await runs?.close();
    await test?.dispose();
  });

  const post = async (path: string, body: object) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await (await app.request(path, init)).json()) as { id: string };
  };
  const ended = async () => {
    const [row] = await owner<{ n: number }[]>`select count(*)::int as n from run where ended_at is not null`;
    return row!.n;
  };

  it('is written twice: when it begins, and when it ends', async () => {
    await app.request('/api/workflows/counted', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(GRAPH),
    });
    await post('/api/workflows/counted/runs', {});
    expect(await until(async () => (await ended()) === 1, { withinMs: 30_000 })).toBe(true);
    await owner`select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)`;
    for (let n = 0; n < RUNS; n++) await post('/api/workflows/counted/runs', {});
    expect(await until(async () => (await ended()) === RUNS + 1, { withinMs: 30_000 })).toBe(true);
    const written = await owner<{ calls: number; query: string }[]>`
      select calls::int, left(query, 100) as query from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
        and query ~* '\\y(insert into|update|delete from)\\y'`;
    expect(
      written.reduce((sum, { calls }) => sum + calls, 0),
      JSON.stringify(written),
    ).toBe(2 * RUNS);
  });
});
