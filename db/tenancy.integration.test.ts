import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../scripts/testing/postgres.ts';
import { openDatabase, withWorkspace } from './database.ts';
import { migrate } from './migrate/migrate.ts';
import { getKv, setKv } from './queries/kv.ts';
import { kv } from './schema/index.ts';
import { migrateUntil } from './testing/migrate-until.ts';
import { useDatabase } from './testing/tenants.ts';

const store = useDatabase();
let admin: postgres.Sql;
beforeAll(() => {
  admin = postgres(store.url(), { max: 1, onnotice: () => {} });
});
afterAll(() => admin.end());

describe('migrate', () => {
  it('may be called by several processes at once, and again', async () => {
    const fresh = await freshDatabase();
    try {
      await Promise.all([migrate(fresh.url), migrate(fresh.url), migrate(fresh.url)]);
      await migrate(fresh.url);
      const client = postgres(fresh.url, { max: 1 });
      const [row] = await client`select count(*)::int as n from drizzle.__drizzle_migrations`;
      await client.end();
      expect(row?.n).toBeGreaterThanOrEqual(2);
    } finally {
      await fresh.drop();
    }
  });

  it('works for a user who may not create roles, and isolates that user', async () => {
    const fresh = await freshDatabase();
    const root = postgres(fresh.url, { max: 1, onnotice: () => {} });
    const name = new URL(fresh.url).pathname.slice(1);
    try {
      await root.unsafe(`create role plain_${name} login password 'p'; alter database ${name} owner to plain_${name}`);
      await root.unsafe(`grant blok_app to plain_${name}; alter schema public owner to plain_${name}`);
      const url = new URL(fresh.url);
      url.username = `plain_${name}`;
      url.password = 'p';
      await migrate(url.toString());
      const database = openDatabase(url.toString(), { max: 1 });
      await withWorkspace(database, 'a', (tx) => setKv(tx, { workflow: '', key: 'k', value: 1 }));
      expect((await withWorkspace(database, 'b', (tx) => getKv(tx, { workflow: '', key: 'k' }))).value).toBeNull();
      await database.close();
    } finally {
      await fresh.drop();
      await root.end().catch(() => {});
      await admin.unsafe(`drop role if exists plain_${name}`);
    }
  });
});

describe('the migration to signed starts', () => {
  it('marks the runs of every workspace that are open then, also for a user who is bound by row-level security', async () => {
    const fresh = await freshDatabase();
    const root = postgres(fresh.url, { max: 1, onnotice: () => {} });
    const name = new URL(fresh.url).pathname.slice(1);
    const url = new URL(fresh.url);
    Object.assign(url, { username: `owner_${name}`, password: 'p' });
    const row = (workspace: string, id: string, endedAt: string | null) => root`
      insert into run (workspace_id, id, workflow_id, temporal_run_id, segment, history_length, workflow, trigger,
        status, started_at, ended_at)
      values (${workspace}, ${id}, ${`${workspace}/w/call/${id}`}, '', 0, 0, 'w', '{}', 'running', now(), ${endedAt})`;
    try {
      await root.unsafe(`create role owner_${name} login password 'p'; alter database ${name} owner to owner_${name}`);
      await root.unsafe(`grant blok_app to owner_${name}; alter schema public owner to owner_${name}`);
      await migrateUntil(url.toString(), '0003_sealed_and_signed');
      for (const [workspace, id] of [
        ['a', 'r1'],
        ['b', 'r2'],
      ] as const)
        await row(workspace, id, null);
      await row('a', 'r3', '2026-01-01T00:00:00Z');
      await migrate(url.toString());
      const marked = await root`select workspace_id as w, workflow_id as id from unsigned_run order by 1`;
      expect(marked.map(({ w, id }) => [w, id])).toEqual([
        ['a', 'a/w/call/r1'],
        ['b', 'b/w/call/r2'],
      ]);
      const forced =
        await root`select distinct relforcerowsecurity as on from pg_class where relname in ('run', 'run_first')`;
      expect(forced).toEqual([{ on: true }]);
    } finally {
      await root.end();
      await fresh.drop();
      await admin.unsafe(`drop role if exists owner_${name}`);
    }
  });
});

describe('row-level security', () => {
  it('is forced, with a policy for reading and writing, on every table with workspace_id', async () => {
    const tables = await admin`
      select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
        (select count(*)::int from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
          and p.polqual is not null and p.polwithcheck is not null) as policies
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`;
    expect(tables.length).toBeGreaterThanOrEqual(17);
    for (const table of tables) expect(table).toMatchObject({ enabled: true, forced: true, policies: 1 });
  });

  it('has no table of a tenant without workspace_id', async () => {
    const tables = await admin`select c.relname as name from pg_class c where c.relkind in ('r', 'p')
      and c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id')`;
    expect(tables.map((t) => t.name)).toEqual([]);
  });

  it('hides, and refuses to write, rows of another workspace, even by plain SQL', async () => {
    await store.inside((tx) => setKv(tx, { workflow: '', key: 'secret', value: 'of a' }), 'a');
    const seen = await store.inside((tx) => tx.db.select().from(kv), 'b');
    expect(seen).toEqual([]);
    const changed = await store.inside((tx) => tx.db.update(kv).set({ value: 'stolen' }).returning(), 'b');
    expect(changed).toEqual([]);
    expect(await store.inside((tx) => tx.db.delete(kv).returning(), 'b')).toEqual([]);
    const foreign = { workspaceId: 'a', workflow: '', key: 'x', version: 1 };
    await expect(store.inside((tx) => tx.db.insert(kv).values(foreign), 'b')).rejects.toThrow(/row-level security/);
    expect(await store.inside((tx) => getKv(tx, { workflow: '', key: 'secret' }), 'a')).toEqual({
      value: 'of a',
      version: 1,
    });
  });

  it('leaves nothing behind on a pooled connection', async () => {
    const database = openDatabase(store.url(), { max: 1 });
    await withWorkspace(database, 'a', async () => {});
    await withWorkspace(database, 'a', async () => {
      throw new Error('rolled back');
    }).catch(() => {});
    const after = await withWorkspace(database, 'b', async (tx) => {
      return tx.db.execute(sql`select current_setting('app.workspace') as ws, current_user as role`);
    });
    expect(after.rows[0]).toEqual({ ws: 'b', role: 'blok_app' });
    await database.close();
  });

  it('cannot be left from inside by resetting the workspace to nothing', async () => {
    await store.inside((tx) => setKv(tx, { workflow: '', key: 'k', value: 1 }), 'a');
    const rows = await store.inside(async (tx) => {
      await tx.db.execute(sql`select set_config('app.workspace', '', true)`);
      return tx.db.select().from(kv);
    }, 'a');
    expect(rows).toEqual([]);
  });
});

describe('withWorkspace', () => {
  it('refuses names that are not workspace names', async () => {
    for (const name of ['', 'A', 'a b', "a'", '-a', 'a'.repeat(64)]) {
      await expect(withWorkspace(store.database(), name, async () => {})).rejects.toMatchObject({
        code: 'workspace.invalid',
      });
    }
  });

  it('rolls back when the function throws', async () => {
    await store
      .inside(async (tx) => {
        await setKv(tx, { workflow: '', key: 'gone', value: 1 });
        throw new Error('no');
      })
      .catch(() => {});
    expect((await store.inside((tx) => getKv(tx, { workflow: '', key: 'gone' }))).version).toBeNull();
  });

  it('throws the error of Postgres without the values of the statement', async () => {
    const error = await store
      .inside((tx) => tx.db.insert(kv).values({ workspaceId: 'b', workflow: '', key: 'CANARY-k', version: 1 }))
      .catch((e: unknown) => e);
    expect(String((error as Error).message)).not.toContain('CANARY');
  });
});
