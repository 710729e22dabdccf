import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { useDatabase } from '../testing/tenants.ts';
import { dueNow } from './due.ts';

const store = useDatabase();

it('what is due now is due for whoever looks at once, although columns keep milliseconds', async () => {
  // Half of all moments would be rounded up.
  for (let n = 0; n < 40; n++) {
    const { rows } = await store.inside((tx) =>
      tx.db.execute<{ isDue: boolean }>(sql`select (${dueNow})::timestamptz(3) <= now() as "isDue"`),
    );
    expect(rows[0]!.isDue).toBe(true);
  }
});
