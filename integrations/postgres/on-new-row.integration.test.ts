import createClient, { type Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../scripts/testing/postgres.ts';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { onNewRow } from './on-new-row.ts';

let database: TestDatabase;
let admin: Sql;
beforeAll(async () => {
  database = await freshDatabase();
  admin = createClient(database.url, { max: 4, onnotice: () => {} });
});
beforeEach(async () => {
  await admin`drop table if exists orders`;
  await admin`create table orders (id bigserial primary key, total numeric, state text default 'paid', changed timestamptz default now())`;
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

const watch = (given: object = {}) => {
  const connection = { name: 'db', type: 'postgres', data: { url: database.url }, hosts: [] };
  const parameters = { sql: 'select * from orders', late: '1m', ...given };
  return fakeWatch(onNewRow, parameters, fakePollContext({ connection }));
};
const keys = async (rows: ReturnType<typeof watch>) => (await rows.look()).map(({ key }) => key);
const insert = (count: number) => admin`insert into orders (total) select n from generate_series(1, ${count}::int) n`;

describe('postgres.newRow', () => {
  it('takes nothing of 5,000 old rows, and then each new one once, with its values', async () => {
    await insert(5_000);
    const rows = watch();
    expect(await keys(rows)).toEqual([]);
    await admin`insert into orders (total) values (9.90)`;
    const [found] = await rows.look();
    expect(found).toMatchObject({ key: '5001', item: { id: 5001, total: '9.90', state: 'paid' } });
    expect(Object.keys(found!.item as object)).toEqual(['id', 'total', 'state', 'changed']);
    expect(await keys(rows)).toEqual([]);
  });

  it('takes everything in pages from the beginning', async () => {
    await insert(1_300);
    const rows = watch({ from: 'beginning' });
    expect(await keys(rows)).toEqual(Array.from({ length: 1_300 }, (_, index) => String(index + 1)));
    expect(rows.looks()).toBe(3);
  });

  it('takes the row of a transaction that began before another one and ended after it', async () => {
    await insert(3);
    const rows = watch();
    await rows.look();
    await admin.begin(async (slow) => {
      await slow`insert into orders (total) values (1)`;
      await admin`insert into orders (total) values (2)`;
      expect(await keys(rows)).toEqual(['5']);
      expect(await keys(rows)).toEqual([]);
    });
    expect(await keys(rows)).toEqual(['4']);
    expect(await keys(rows)).toEqual([]);
  });

  it('takes a row that was not committed yet when the watch began', async () => {
    await admin.begin(async (slow) => {
      await slow`insert into orders (total) values (1)`;
      await insert(1_500);
      const rows = watch();
      expect(await keys(rows)).toEqual([]);
      await insert(1);
      expect(await keys(rows)).toEqual(['1502']);
    });
    await admin`delete from orders`;
    let rows = watch();
    await admin.begin(async (slow) => {
      await slow`insert into orders (total) values (1)`;
      await insert(2);
      rows = watch();
      await rows.look();
    });
    expect(await keys(rows)).toEqual(['1503']);
  });

  it('takes a row that was changed twice between two looks once, and again after the next change', async () => {
    await insert(3);
    const rows = watch({ cursor: 'changed' });
    await rows.look();
    await admin`update orders set total = 10, changed = clock_timestamp() where id = 2`;
    await admin`update orders set total = 20, changed = clock_timestamp() where id = 2`;
    const found = await rows.look();
    expect(found.map(({ item }) => item)).toMatchObject([{ id: 2, total: '20' }]);
    await admin`update orders set total = 30, changed = clock_timestamp() where id = 2`;
    const again = await rows.look();
    expect(again.map(({ item }) => item)).toMatchObject([{ id: 2, total: '30' }]);
    expect(again[0]!.key).not.toBe(found[0]!.key);
    await admin`update orders set state = 'sent' where id = 2`;
    expect(await keys(rows)).toEqual([]);
  });

  it('tells rows of the same moment apart, across pages', async () => {
    const rows = watch({ cursor: 'changed' });
    await rows.look();
    await insert(1_200);
    const found = await rows.look();
    expect(new Set(found.map(({ item }) => (item as { id: number }).id)).size).toBe(1_200);
    await admin`insert into orders (total, changed) select 1, max(changed) from orders`;
    expect((await rows.look()).map(({ item }) => item)).toMatchObject([{ id: 1_201 }]);
  });

  it.each([
    ['timestamptz', "now() + interval '1 hour'"],
    ['timestamptz', "'infinity'"],
    ['timestamp', "localtimestamp + interval '2 days'"],
    ['date', 'current_date + 2'],
  ])('passes over no row behind one whose %s is still to come: %s', async (type, toCome) => {
    await admin.unsafe(`alter table orders alter changed type ${type}, alter changed set default current_timestamp`);
    const rows = watch({ cursor: 'changed', late: '0s' });
    await rows.look();
    await admin.unsafe(`insert into orders (total, changed) values (1, ${toCome})`);
    const ids = async () => (await rows.look()).map(({ item }) => (item as { id: number }).id);
    expect(await ids()).toEqual([]);
    for (const id of [2, 3]) {
      await insert(1);
      expect(await ids()).toEqual([id]);
      expect(await ids()).toEqual([]);
    }
    await admin`update orders set changed = current_timestamp where id = 1`;
    // Of the same day, it comes before the others.
    if (type !== 'date') expect(await ids()).toEqual([1]);
  });

  it('takes a query with values, a final comment and a semicolon, and leaves out rows without a cursor', async () => {
    const sql = 'select id, total, changed from orders where state = $1 -- only these;\n;';
    const rows = watch({ sql, params: ['paid'], cursor: 'changed' });
    await rows.look();
    await admin`insert into orders (state, changed) values ('paid', null), ('open', now()), ('paid', now())`;
    expect((await rows.look()).map(({ item }) => item)).toMatchObject([{ id: 3 }]);
  });

  it.each([
    [{ cursor: 'nothing' }, 'postgres.42703'],
    [{ sql: 'delete from orders returning *' }, 'postgres.42601'],
    [{ sql: 'select 1 as id) as q; drop table orders; --' }, 'postgres.42601'],
  ])('says what is wrong with %j, and changes nothing', async (given, code) => {
    await insert(1);
    expect((await failure(watch(given).look())).code).toBe(code);
    expect(await admin`select id from orders`).toHaveLength(1);
  });
});
