import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../workflows/contract.ts';
import { runRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { upsertRun } from './record-run.ts';
import { LOOKED_AT, planOf, type RunFilter } from './run-filter.ts';
import { countQuery, countRuns, listRuns, pageQuery } from './run-list.ts';
import { addLabels } from './terms.ts';

const store = useDatabase();
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString();
const list = (filter: RunFilter) =>
  store.inside((tx) => listRuns(tx, { ...filter, limit: 100 })).then(({ items }) => items.map(({ id }) => id));
const failed = (code: string, message: string) =>
  ({
    status: 'failed',
    endedAt: at(60),
    error: { code, message, step: 's', node: 's', attempts: 1, unknown: false },
  }) as const;
const waits = (kind: 'approval' | 'retry') =>
  ({
    status: 'waiting',
    waits: [
      { step: 's', kind, since: at(1) },
      { step: 't', kind, since: at(1) },
    ],
  }) as const;

const RUNS: Partial<RunRecord>[] = [
  { runId: 'r0', workflow: 'x' },
  { runId: 'r1', workflow: 'y', ...failed('http.404', 'Order 4711 was not found') },
  { runId: 'r2', workflow: 'x', ...failed('card.declined', 'The bank said: order refused') },
  { runId: 'r3', workflow: 'x', version: 2, ...waits('approval') },
  { runId: 'r4', workflow: 'y', ...waits('retry') },
  {
    runId: 'r5',
    workflow: 'y',
    trigger: { id: 'in', uses: 'webhook', at: at(5), key: 'evt-A1', by: 'run:r2' } as never,
  },
];

beforeAll(async () => {
  for (const [second, change] of RUNS.entries())
    await store.inside((tx) => upsertRun(tx, runRecord({ startedAt: at(second), historyLength: 3, ...change })));
  await store.inside((tx) => addLabels(tx, { runId: 'r1', labels: ['customer 42', 'vip'] }));
});

describe('listRuns', () => {
  it.each<[string, RunFilter, string[]]>([
    ['nothing', {}, ['r5', 'r4', 'r3', 'r2', 'r1', 'r0']],
    ['a workflow', { workflow: 'y' }, ['r5', 'r4', 'r1']],
    ['a version', { workflow: 'x', version: 2 }, ['r3']],
    ['a status', { status: 'failed' }, ['r2', 'r1']],
    ['a status of a workflow', { workflow: 'x', status: 'failed' }, ['r2']],
    ['the code of an error', { error: 'http.404' }, ['r1']],
    ['an error of another workflow', { error: 'http.404', workflow: 'x' }, []],
    ['a word of an error, in other letters', { text: 'ORDER' }, ['r2', 'r1']],
    ['several words of an error', { text: 'order bank' }, ['r2']],
    ['a word that only one has', { text: '4711', workflow: 'y' }, ['r1']],
    ['a key, as it is written', { key: 'evt-A1' }, ['r5']],
    ['a label', { label: 'customer 42' }, ['r1']],
    ['a label and a status that do not meet', { label: 'vip', status: 'waiting' }, []],
    ['the run that called it', { parent: 'r2' }, ['r5']],
    ['a trigger', { trigger: 'in' }, ['r5']],
    ['the type of a trigger', { uses: 'webhook' }, ['r5']],
    ['what it waits for, once however many waits it has', { waits: 'approval' }, ['r3']],
    ['a next attempt', { waits: 'retry', workflow: 'y' }, ['r4']],
    ['the time of its start', { from: at(1), to: at(4) }, ['r3', 'r2', 'r1']],
    ['times and a word', { text: 'order', from: at(2) }, ['r2']],
  ])('finds runs by %s', async (_what, filter, expected) => {
    expect(await list(filter)).toEqual(expected);
    expect(await store.inside((tx) => countRuns(tx, filter))).toEqual({ count: expected.length, exact: true });
  });

  it('keeps no wait of a run that goes on', async () => {
    const record = { runId: 'gone', workspace: 'w', startedAt: at(1) };
    await store.inside((tx) => upsertRun(tx, runRecord({ ...record, historyLength: 1, ...waits('approval') })), 'w');
    await store.inside((tx) => upsertRun(tx, runRecord({ ...record, historyLength: 2 })), 'w');
    expect((await store.inside((tx) => listRuns(tx, { waits: 'approval', limit: 5 }), 'w')).items).toEqual([]);
  });

  it('goes through all runs in both directions without a gap or a repeat, however equal their times are', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'walk');
    for (let i = 0; i < 25; i++)
      await inside((tx) => upsertRun(tx, runRecord({ workspace: 'walk', runId: `p${i}`, startedAt: at(i >> 2) })));
    const walk = async (to: 'older' | 'newer') => {
      const seen: string[] = [];
      for (let of: { startedAt: string; id: string } | undefined; ; ) {
        const { items, edge } = await inside((tx) => listRuns(tx, { side: { to, of }, limit: 4 }));
        const ids = items.map(({ id }) => id);
        if (to === 'older') seen.push(...ids);
        else seen.unshift(...ids);
        if (!edge) return seen;
        of = edge;
      }
    };
    const older = await walk('older');
    expect(new Set(older).size).toBe(25);
    expect(older).toHaveLength(25);
    expect(await walk('newer')).toEqual(older);
  });

  it('gives a short page and says where it has come to, if few of very many runs fit', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'many');
    await inside((tx) =>
      tx.db.execute(sql`insert into run (workspace_id, id, month, workflow_id, temporal_run_id, segment, history_length,
        workflow, version, trigger, uses, status, started_at)
      select 'many', 'r' || n, date_trunc('month', now())::date, 'w/' || n, '', 0, 0, 'w', 1, '{}',
        case when n = 1 then 'schedule' else 'call' end, 'running', timestamptz '2026-01-01' + n * interval '1 second'
      from generate_series(1, ${LOOKED_AT + 10}) as n`),
    );
    const filter = { uses: 'schedule', limit: 5 };
    const first = await inside((tx) => listRuns(tx, filter));
    expect(first.items).toEqual([]);
    expect(first.edge).toMatchObject({ id: 'r11' });
    const second = await inside((tx) => listRuns(tx, { ...filter, side: { to: 'older', of: first.edge! } }));
    expect(second.items.map(({ id }) => id)).toEqual(['r1']);
    expect(second.edge).toBeNull();
    expect(await inside((tx) => countRuns(tx, { workflow: 'w' }))).toEqual({ count: LOOKED_AT, exact: false });
    expect(await inside((tx) => countRuns(tx, { uses: 'schedule' }))).toEqual({ count: 0, exact: false });
  });

  it('reads every list from an index, in its order, under row-level security', async () => {
    const filters = [
      {},
      { workflow: 'x' },
      { status: 'failed' as const },
      { workflow: 'x', status: 'failed' as const },
    ];
    const others = [{ error: 'e' }, { parent: 'r1' }, { text: 'a b' }, { waits: 'retry' as const }, { uses: 'call' }];
    for (const filter of [...filters, ...others]) {
      const text = await store.inside(async (tx) => {
        // A table of a few rows is read faster without an index; a table of many is not.
        await tx.db.execute(sql`
          set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off;`);
        const plan = planOf(tx, filter);
        const of = { startedAt: at(9), id: 'r9' };
        const shown = [];
        for (const query of [
          pageQuery(plan, { to: 'older', of }, 5),
          pageQuery(plan, { to: 'newer' }, 5),
          countQuery(plan),
        ])
          shown.push(...(await tx.db.execute(sql`explain ${query}`)).rows.map((row) => row['QUERY PLAN']));
        return shown.join('\n');
      });
      expect(text).toMatch(/Index/);
      expect(text).not.toMatch(/Seq Scan|Sort {2}|Bitmap/);
    }
  });
});
