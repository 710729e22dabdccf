import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { executePrepared } from './prepared.ts';
import { useDatabase } from './testing/tenants.ts';

const store = useDatabase();

it('has Postgres parse a statement once for a connection, whatever its values are', async () => {
  const found = await store.inside(async (tx) => {
    const doubled = (n: number) => executePrepared(tx, 'double', sql`select ${n}::int * 2 as n`);
    const numbers = [await doubled(1), await doubled(2), await doubled(3)];
    const { rows } = await tx.db.execute(
      sql`select (generic_plans + custom_plans)::int as times from pg_prepared_statements where name = 'double'`,
    );
    return { numbers, rows };
  });
  expect(found).toEqual({ numbers: [[{ n: 2 }], [{ n: 4 }], [{ n: 6 }]], rows: [{ times: 3 }] });
});

it('takes no other statement under the same name', async () => {
  const work = store.inside(async (tx) => {
    await executePrepared(tx, 'one', sql`select 1 as n`);
    await executePrepared(tx, 'one', sql`select 2 as n`);
  });
  await expect(work).rejects.toThrow("Prepared statements must be unique - 'one'");
});
