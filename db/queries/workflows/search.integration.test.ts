import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../testing/tenants.ts';
import { listWorkflows } from './list.ts';
import { indexOldWorkflows } from './words.ts';

const store = useDatabase();
const MANY = 5_000;

/** Workflows, each with forty words of its own, in one workspace. */
beforeAll(async () => {
  await store.inside(async (tx) => {
    await tx.db.execute(sql`insert into workflow (workspace_id, name, folder)
      select 'a', 'w' || n, 'f' || (n % 50) from generate_series(1, ${MANY}) n`);
    await tx.db.execute(sql`insert into workflow_word (workspace_id, word, workflow)
      select 'a', 'word' || (n * 40 + m), 'w' || n from generate_series(1, ${MANY}) n, generate_series(1, 40) m`);
    await tx.db.execute(sql`insert into workflow_word (workspace_id, word, workflow) values ('a', 'needle', 'w77')`);
  });
});

describe('the search for workflows', () => {
  it('reads an index of words under row-level security', async () => {
    const plan = await store.inside(async (tx) => {
      const { rows } = await tx.db.execute(sql`explain (format json) select w.workflow from workflow_word w
        where w.workspace_id = 'a' and w.word >= 'needl' and w.word < ${'needl\u{10ffff}'}`);
      return JSON.stringify(rows);
    });
    expect(plan).toMatch(/Index (Only )?Scan/);
    expect(plan).toMatch(/Index Cond[^}]*word/);
  });

  it('finds one among thousands by the beginning of a word', async () => {
    const found = await store.inside((tx) => listWorkflows(tx, { search: 'NEED' }));
    expect(found.map(({ name }) => name)).toEqual(['w77']);
    expect(await store.inside((tx) => listWorkflows(tx, { search: 'need' }), 'b')).toEqual([]);
  });

  it('reads a page of a folder by its index', async () => {
    const page = await store.inside((tx) => listWorkflows(tx, { folder: 'f7', limit: 10 }));
    expect(page).toHaveLength(10);
    expect(page.every(({ folder }) => folder === 'f7')).toBe(true);
  });
});

describe('indexOldWorkflows', () => {
  it('makes workflows findable that were published before words were kept', async () => {
    await store.inside(async (tx) => {
      await tx.db.execute(
        sql`insert into workflow (workspace_id, name, label) values ('old', 'legacy-report', 'Quarter')`,
      );
      await indexOldWorkflows(tx);
    }, 'old');
    const find = (search: string) => store.inside((tx) => listWorkflows(tx, { search }), 'old');
    expect((await find('quarter legacy')).map(({ name }) => name)).toEqual(['legacy-report']);
  });
});
