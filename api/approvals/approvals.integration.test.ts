import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { withWorkspace } from '../../db/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import type { WaitRecord } from '../../workflows/contract.ts';
import { createApp } from '../app.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

const since = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
const wait = (change: Partial<WaitRecord> = {}): WaitRecord => ({
  ...{ step: 'ask', kind: 'approval', since: since(1), until: null },
  ...change,
});
const waiting = (runId: string, waits: WaitRecord[], workflow = 'hello') =>
  api.record(runRecord({ runId, workflow, status: 'waiting', historyLength: 3, waits }));
const list = async (query = '') => (await api.get(`/api/approvals${query}`)).body;
const steps = (page: { items: { run: { id: string }; step: string }[] }) =>
  page.items.map((one) => `${one.run.id} ${one.step}`);

describe('GET /api/approvals', () => {
  it('lists approvals of all runs, those first that have waited longest, page by page', async () => {
    await waiting('r1', [wait({ since: since(3) }), wait({ step: 'each[1].ask', since: since(1), until: since(9) })]);
    await waiting(
      'r2',
      [wait({ since: since(2), detail: { title: 'Pay?' } }), wait({ kind: 'event', step: 'hear', event: 'e' })],
      'pay',
    );
    const first = await list('?limit=2');
    expect(steps(first)).toEqual(['r1 each[1].ask', 'r2 ask']);
    expect(first.items[0]).toMatchObject({
      ...{ workflow: 'hello', version: 1, since: since(1), until: since(9), title: null },
      decideUrl: 'http://blok.test/api/runs/r1/approvals/each%5B1%5D.ask',
    });
    expect(first.items[1]).toMatchObject({ workflow: 'pay', title: 'Pay?', until: null });
    const second = await list(`?limit=2&cursor=${first.next}`);
    expect([steps(second), second.next]).toEqual([['r1 ask'], null]);
    expect(steps(await list('?workflow=pay'))).toEqual(['r2 ask']);
    expect(steps(await list('?run=r1&limit=1'))).toEqual(['r1 each[1].ask']);
  });

  it('lists none of a run that was answered or has ended', async () => {
    await waiting('r3', [wait()], 'short');
    await api.record(runRecord({ runId: 'r3', workflow: 'short', status: 'running', historyLength: 6 }));
    expect(await list('?workflow=short')).toEqual({ items: [], next: null });
  });

  it('shows those who may not see the data of runs where somebody is to decide, and not about what', async () => {
    const detail = { title: 'Pay Ada?', message: '500', form: { properties: { iban: { default: 'DE12' } } } };
    await waiting('r4', [wait({ detail })], 'private');
    const as = async (role: 'viewer' | 'operator') => {
      const app = createApp({ ...api.ctx(), principalOf: () => ({ id: 'ada', role }) });
      return (await (await app.request('/api/approvals?workflow=private')).json()) as { items: unknown[] };
    };
    expect((await as('viewer')).items).toEqual([
      {
        ...{ workflow: 'private', version: 1, step: 'ask', since: since(1), until: null, title: null, detail: null },
        run: { id: 'r4', url: expect.any(String) },
        decideUrl: expect.any(String),
      },
    ]);
    expect((await as('operator')).items).toMatchObject([{ title: 'Pay Ada?', detail }]);
  });

  it.each(['nonsense', 'MTIz', Buffer.from('x r1 1').toString('base64url')])(
    'refuses the cursor %s',
    async (cursor) => {
      expect((await api.get(`/api/approvals?cursor=${cursor}`)).status).toBe(400);
    },
  );

  it('reads an index, at any page and with a filter', async () => {
    await withWorkspace(api.database(), 'a', async (tx) => {
      await tx.db.execute(sql`insert into wait (workspace_id, run_id, seq, step, kind, since, workflow)
        select 'a', 'many' || n, 0, 'ask', case when n % 2 = 0 then 'approval' else 'event' end,
          timestamptz '2026-01-01' + interval '1 s' * n, 'w' || n % 100 from generate_series(1, 50000) as n`);
    });
    const client = new Client({ connectionString: api.store.url() });
    await client.connect();
    await client.query('analyze wait');
    await client.end();
    const explained = async (filter: ReturnType<typeof sql>) =>
      withWorkspace(api.database(), 'a', async (tx) => {
        const { rows } = await tx.db.execute<{ 'QUERY PLAN': string }>(sql`explain select run_id from wait
          where workspace_id = ${tx.workspace} and kind = 'approval' and ${filter}
            and (since, run_id, seq) > ('2026-01-01T08:00:00Z'::timestamptz, 'r', 0) order by since, run_id, seq limit 50`);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
    expect(await explained(sql`true`)).toContain('using wait_approval ');
    expect(await explained(sql`workflow = 'w2'`)).toContain('using wait_approval_of_workflow ');
  });
});
