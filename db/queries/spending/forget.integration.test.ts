import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { expect, it } from 'vitest';
import { useDatabase } from '../../testing/tenants.ts';
import { expireCalls } from './settle.ts';

const store = useDatabase();

it('notes calls whose worker is gone without reading all that are over', async () => {
  const client = new Client({ connectionString: store.url() });
  await client.connect();
  const insert = `insert into model_call (workspace_id, id, run_id, workflow, step, unit, attempt, provider, model, day, counted,
    lease_until, state)`;
  const columns = `'r', 'w', 's', 's', 1, 'p', 'm', now()::date, 0, now() - interval '1 minute'`;
  await client.query(`${insert} select 'a', 'c' || n, ${columns}, 'settled' from generate_series(1, 20000) as n`);
  await client.query(`${insert} values ('a', 'left', ${columns}, 'reserved')`);
  await client.query('analyze model_call');
  await client.end();
  await store.inside(async (tx) => {
    const scansOf = async (name: string): Promise<number> => {
      const scans = sql`select pg_stat_get_xact_numscans(${name}::regclass)::int as count`;
      return (await tx.db.execute<{ count: number }>(scans)).rows[0]!.count;
    };
    expect(await expireCalls(tx)).toBe(1);
    expect(await scansOf('model_call')).toBe(0);
    expect(await scansOf('model_call_reserved')).toBe(1);
  });
});
