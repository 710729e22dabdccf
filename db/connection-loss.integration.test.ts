import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migratedDatabase, type TestDatabase } from '../scripts/testing/postgres.ts';
import { type Database, openDatabase, withWorkspace } from './index.ts';

describe('a connection that breaks', () => {
  let test: TestDatabase;
  let database: Database;
  let admin: Client;
  beforeAll(async () => {
    test = await migratedDatabase();
    database = openDatabase(test.url, { max: 2 });
    admin = new Client({ connectionString: test.url });
    await admin.connect();
  });
  afterAll(async () => {
    await database.close();
    await admin.end();
    await test.drop();
  });

  it('fails its transaction with a code, and neither the process nor the pool', async () => {
    for (let round = 0; round < 5; round++) {
      const broken = withWorkspace(database, 'a', async (tx) => {
        const { rows } = await tx.db.execute(sql`select pg_backend_pid() as pid`);
        await admin.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
        await tx.db.execute(sql`select 1`);
      });
      await expect(broken).rejects.toMatchObject({
        code: expect.stringMatching(/^(57P01|CONNECTION_CLOSED|ECONNRESET)$/),
      });
    }
    const both = [1, 2].map((n) => withWorkspace(database, 'a', (tx) => tx.db.execute(sql`select ${n}::int as n`)));
    expect((await Promise.all(both)).map(({ rows }) => rows[0])).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('fails in the same way if it was never made', async () => {
    const nobody = openDatabase('postgres://blok@127.0.0.1:9/blok');
    await expect(withWorkspace(nobody, 'a', async () => 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await nobody.close();
  });
});
