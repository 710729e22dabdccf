/** Ten thousand runs in a line: what it costs to ask, and what becomes of those that have ended. */
import { sql } from 'drizzle-orm';
import createClient from 'postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tenant } from '../../database.ts';
import { runRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { upsertRun } from '../runs/record-run.ts';
import { leaveEnded, leaveLines } from './leave.ts';
import { waitingRuns } from './queue.ts';
import { takeSlot } from './slots.ts';
import { takeTurn } from './turns.ts';

const MANY = 10_000;
const store = useDatabase();

beforeAll(async () => {
  const owner = createClient(store.url(), { max: 1, onnotice: () => {} });
  await owner`insert into slot (workspace_id, run_id, workflow, key, workflow_id, held)
    select 'a', 's' || n, 'long', '', 'w/s' || n, n = 0 from generate_series(0, ${MANY}) as n`;
  await owner`insert into turn (workspace_id, run_id, workflow, key, workflow_id, priority, taken_at, counts_until)
    select 'a', 't' || n, 'long', '', 'w/t' || n, 3, case when n = 0 then now() end, case when n = 0 then now() + '1 hour' end
    from generate_series(0, ${MANY}) as n`;
  await owner`insert into run (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length, workflow, trigger,
    status, started_at) select 'a', 't' || n, date_trunc('month', now()), 'w/t' || n, 't', 0, 0, 'long', '{}', 'waiting', now()
    from generate_series(0, ${MANY}) as n`;
  await owner`insert into run_month (workspace_id, run_id, month) select workspace_id, id, month from run`;
  for (const table of ['slot', 'turn', 'run', 'run_month']) await owner.unsafe(`analyze ${table}`);
  await owner.end();
});

const asking = (runId: string) => ({ runId, workflowId: `w/${runId}`, workflow: 'long', key: '', limit: 1 });

/** How many rows of a table, and entries of its indexes, a piece of work reads. */
async function rowsRead(table: string, work: (tx: Tenant) => Promise<unknown>): Promise<number> {
  return store.inside(async (tx) => {
    const read = async () => {
      const { rows } = await tx.db.execute<{ read: number }>(sql`
        with tables as (select ${table}::regclass::oid as id union select relid from pg_partition_tree(${table}::regclass))
        select (sum(pg_stat_get_xact_tuples_returned(id)) + sum(pg_stat_get_xact_tuples_fetched(id)))::int as read
        from (select id from tables union all select indexrelid from pg_index join tables on indrelid = id) as all_of_it`);
      return rows[0]!.read;
    };
    const before = await read();
    await work(tx);
    return (await read()) - before;
  });
}

describe('a line of ten thousand runs', () => {
  it.each([
    ['at its end', `s${MANY}`],
    ['at its head', 's1'],
    ['that joins it', 'new'],
  ])('costs a run %s that asks for a place no more than a few rows', async (_where, runId) => {
    const read = await rowsRead('slot', (tx) => takeSlot(tx, asking(runId)));
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(400);
  });

  it('locks nothing for a run that stands far back, and lets others decide meanwhile', async () => {
    await store.inside(async (tx) => {
      await takeSlot(tx, asking('s9000'));
      const { rows } = await tx.db.execute(
        sql`select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`,
      );
      expect(rows).toEqual([]);
    });
  });

  it('does not let terminated runs be looked for in all of it, whoever asks for a turn', async () => {
    // The rows ahead are counted, because the time follows from them; whether their runs have ended is asked of a few.
    const read = await rowsRead('run', (tx) => takeTurn(tx, { ...asking(`t${MANY}`), perMs: 60_000 }));
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(400);
  });

  it('is listed page by page, without runs that have ended', async () => {
    const endedAt = '2026-01-01T00:00:00.000Z';
    for (const runId of ['s2', 't2'])
      await store.inside((tx) => upsertRun(tx, runRecord({ runId, workflowId: `w/${runId}`, endedAt })));
    const page = (after?: Awaited<ReturnType<typeof waitingRuns>>['next']) =>
      store.inside((tx) => waitingRuns(tx, { workflow: 'long', limit: 4_000, ...(after ? { after } : {}) }));
    const seen: string[] = [];
    let at = await page();
    expect(at.waiting.slice(0, 2)).toMatchObject([
      { runId: 's1', word: 'concurrency', position: 1 },
      { runId: 's3', position: 2 },
    ]);
    for (
      seen.push(...at.waiting.map(({ runId }) => runId));
      at.next;
      seen.push(...at.waiting.map(({ runId }) => runId))
    )
      at = await page(at.next);
    expect(seen).toHaveLength(at.count);
    expect(new Set(seen).size).toBe(at.count);
    expect([seen.includes('s2'), seen.includes('t2'), seen.includes('t3')]).toEqual([false, false, true]);
  });

  it('is left by a run that ends, and by those that have ended without leaving; the next ones are named', async () => {
    const left = () =>
      store.inside((tx) =>
        tx.db.execute(sql`select from slot where run_id in ('s0', 's2')
        union all select from turn where run_id = 't2'`),
      );
    const [place, ...more] = await store.inside((tx) => leaveLines(tx, { runId: 's0' }));
    expect([place, more]).toEqual(['w/s1', []]);
    expect((await left()).rows).toHaveLength(2);
    expect(await store.inside(leaveEnded)).toEqual(['w/s1', 'w/t1']);
    expect((await left()).rows).toEqual([]);
    expect(await store.inside(leaveEnded)).toEqual([]);
  });
});
