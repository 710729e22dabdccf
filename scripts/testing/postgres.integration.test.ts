import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../db/migrate/migrate.ts';
import { freshDatabase, migratedDatabase } from './postgres.ts';

describe('freshDatabase', () => {
  it('gives each caller an empty database of its own', async () => {
    const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
    const first = postgres(one.url, { max: 1 });
    const second = postgres(two.url, { max: 1 });
    await first`create table here (id int)`;
    expect(await first`select to_regclass('here') is not null as there`).toMatchObject([{ there: true }]);
    expect(await second`select to_regclass('here') is not null as there`).toMatchObject([{ there: false }]);
    await Promise.all([first.end(), second.end(), one.drop(), two.drop()]);
  });

  it('is gone after drop, even if somebody is still connected', async () => {
    const database = await freshDatabase();
    const left = postgres(database.url, { max: 1, onclose: () => {} });
    await left`select 1`;
    await database.drop();
    const again = postgres(database.url, { max: 1, connect_timeout: 2 });
    await expect(again`select 1`).rejects.toThrow(/does not exist/);
    await Promise.all([left.end({ timeout: 1 }), again.end({ timeout: 1 })]);
  });
});

describe('migratedDatabase', () => {
  it('gives each caller a database of its own, as the migrations leave it', async () => {
    const [one, two, migrated] = await Promise.all([migratedDatabase(), migratedDatabase(), freshDatabase()]);
    await migrate(migrated.url);
    const [first, second, third] = [one, two, migrated].map(({ url }) => postgres(url, { max: 1 }));
    const columns = (sql: postgres.Sql) => sql`select table_schema, table_name, column_name, data_type, column_default
      from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, 3`;
    expect((await columns(first!)).length).toBeGreaterThan(100);
    expect([...(await columns(first!))]).toEqual([...(await columns(third!))]);
    await first!`create table here (id int)`;
    expect(await second!`select to_regclass('here') is not null as there`).toMatchObject([{ there: false }]);
    await Promise.all([first!.end(), second!.end(), third!.end()]);
    await Promise.all([one.drop(), two.drop(), migrated.drop()]);
  });
});
