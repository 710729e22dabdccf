import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../scripts/testing/postgres.ts';
import { openDatabase, withWorkspace } from '../database.ts';
import { getKv, setKv } from '../queries/kv.ts';
import { databaseFacts } from '../queries/statistics/system.ts';
import { migrate } from './migrate.ts';
import { grantLogin, OWNER, prepareRoles } from './roles.ts';

/** Roles belong to the server, which tests share: this name is of this file alone. */
const LOGIN = 'blok_server_roles_test';

let database: TestDatabase;
let loginUrl: string;
let login: postgres.Sql;
let admin: postgres.Sql;

const connect = (url: string) => postgres(url, { max: 1, onnotice: () => {} });

function urlFor(user: string, password = 'a:b/c%', name?: string): string {
  const url = new URL(database.url);
  url.username = user;
  url.password = encodeURIComponent(password);
  if (name) url.pathname = `/${name}`;
  return url.toString();
}

/** As an earlier Blok has left it: everything belongs to the administrator, who also runs the queries. */
async function earlierDatabase() {
  database = await freshDatabase();
  await migrate(database.url);
  const earlier = openDatabase(database.url, { max: 1 });
  await withWorkspace(earlier, 'a', (tx) => setKv(tx, { workflow: '', key: 'kept', value: 1 }));
  await earlier.close();
}

beforeAll(async () => {
  await earlierDatabase();
  loginUrl = urlFor(LOGIN);
  for (let start = 0; start < 2; start++) {
    await prepareRoles(database.url, loginUrl);
    await migrate(database.url, OWNER);
  }
  login = connect(loginUrl);
  admin = connect(database.url);
});

afterAll(async () => {
  await login?.end();
  await admin?.end();
  const server = connect(new URL('/postgres', database.url).toString());
  await database.drop();
  await server.unsafe(`drop role if exists ${LOGIN}; drop role if exists blok_other_test`);
  // Other files of this run connect as ordinary users.
  for (const name of ['postgres', 'template1'])
    await server.unsafe(`grant connect, temporary on database ${name} to public`);
  await server.end();
});

describe('the role that API and worker log in as', () => {
  it('owns nothing, and is nothing but itself and blok_app', async () => {
    const [role] = await admin`select * from pg_roles where rolname = ${LOGIN}`;
    const off = {
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: false,
    };
    expect(role).toMatchObject({ ...off, rolinherit: false });
    expect(await admin`select * from pg_shdepend where refobjid = ${role!.oid} and deptype = 'o'`).toEqual([]);
    const memberships = await admin`select roleid::regrole::text as name, admin_option as admin from pg_auth_members
      where member = ${role!.oid}`;
    expect([...memberships]).toEqual([{ name: 'blok_app', admin: false }]);
  });

  it('may ask how the database is, and does without its size where that is forbidden', async () => {
    const pool = openDatabase(loginUrl, { max: 1 });
    const facts = () => withWorkspace(pool, 'a', databaseFacts);
    expect(await facts()).toMatchObject({ sizeBytes: expect.any(Number), openRuns: 0 });
    const name = new URL(database.url).pathname.slice(1);
    await admin.unsafe(`revoke connect on database "${name}" from blok_app`);
    expect(await facts()).toMatchObject({ sizeBytes: null, openRuns: 0 });
    await admin.unsafe(`grant connect on database "${name}" to blok_app`);
    await pool.close();
  });

  it('works: rows of an earlier Blok are there, and those of others are not', async () => {
    const pool = openDatabase(loginUrl, { max: 1 });
    expect((await withWorkspace(pool, 'a', (tx) => getKv(tx, { workflow: '', key: 'kept' }))).value).toBe(1);
    await withWorkspace(pool, 'a', (tx) => setKv(tx, { workflow: '', key: 'new', value: 2 }));
    expect((await withWorkspace(pool, 'b', (tx) => getKv(tx, { workflow: '', key: 'new' }))).value).toBeNull();
    await pool.close();
  });

  it.each([
    ['make a table', 'create table public.mine (a int)'],
    ['make a temporary table', 'create temporary table mine (a int)'],
    ['make a schema', 'create schema mine'],
    ['make a function', "create function public.f() returns int language sql as 'select 1'"],
    ['make a large object', "select lo_from_bytea(0, 'x')"],
    ['make a role', 'create role mine'],
    ['make a database', 'create database mine'],
    ['load an extension', 'create extension file_fdw'],
    ['read the passwords', 'select * from pg_authid'],
    ['run a program', "copy (select 1) to program 'cat'"],
    ['read a program', "set role blok_app; copy kv from program 'echo'"],
    ['write a file', "copy (select 1) to '/tmp/blok-roles-test'"],
    ['read a file', "select pg_read_file('/etc/passwd')"],
    ['change the server', "alter system set log_statement = 'all'"],
    ['turn row-level security off', 'alter table kv disable row level security'],
    ['drop a policy', 'drop policy tenant on kv'],
    ['change a table', 'alter table kv add column mine int'],
    ['empty a table', 'set role blok_app; truncate kv'],
    ['become the owner', `set role ${OWNER}`],
    ['become the administrator', 'set session authorization blok'],
    ['take a right', `grant ${OWNER} to ${LOGIN}`],
    ['read rows without a workspace', 'select * from kv'],
    ['read past row-level security', 'set role blok_app; set row_security = off; select * from kv'],
    ['see how far migrations are', 'set role blok_app; select * from drizzle.__drizzle_migrations'],
  ])('cannot %s', async (_, statement) => {
    const error = await login.unsafe(statement).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: '42501' });
  });

  it.each(['postgres', 'template1'])('cannot enter the database %s', async (name) => {
    const other = connect(urlFor(LOGIN, undefined, name));
    await expect(other`select 1`).rejects.toMatchObject({ code: '42501' });
    await other.end();
  });

  it('sees no row while it has chosen no workspace', async () => {
    expect(await login.begin((sql) => sql.unsafe('set local role blok_app; select * from kv'))).toEqual([
      expect.anything(),
      [],
    ]);
  });
});

describe('the owner', () => {
  it('owns everything that migrations make, is no superuser, and cannot log in', async () => {
    const [role] = await admin`select rolsuper, rolcanlogin, rolcreaterole from pg_roles where rolname = ${OWNER}`;
    expect(role).toEqual({ rolsuper: false, rolcanlogin: false, rolcreaterole: false });
    const others = await admin`
      select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
        where nspname in ('public', 'drizzle') and relowner <> ${OWNER}::regrole
      union all select proname from pg_proc p join pg_namespace n on n.oid = pronamespace
        where nspname = 'public' and proowner <> ${OWNER}::regrole`;
    expect([...others]).toEqual([]);
  });

  it('can make the tables of a new database', async () => {
    const fresh = await freshDatabase();
    const url = new URL(loginUrl);
    url.pathname = new URL(fresh.url).pathname;
    await prepareRoles(fresh.url, url.toString());
    await migrate(fresh.url, OWNER);
    const pool = openDatabase(url.toString(), { max: 1 });
    await withWorkspace(pool, 'a', (tx) => setKv(tx, { workflow: '', key: 'k', value: 1 }));
    await pool.close();
    await fresh.drop();
  });
});

describe('a database of the user’s own', () => {
  it('is prepared for a login role that does not exist, or says what to run', async () => {
    const otherUrl = urlFor('blok_other_test');
    await expect(grantLogin(loginUrl, otherUrl)).rejects.toThrow(
      /CREATE ROLE "blok_other_test" LOGIN NOINHERIT PASSWORD '…'; GRANT blok_app TO "blok_other_test";/,
    );
    await grantLogin(database.url, otherUrl);
    await admin.unsafe(`grant connect on database ${admin.options.database} to blok_other_test`);
    const pool = openDatabase(otherUrl, { max: 1 });
    expect((await withWorkspace(pool, 'a', (tx) => getKv(tx, { workflow: '', key: 'kept' }))).value).toBe(1);
    await pool.close();
  });
});
