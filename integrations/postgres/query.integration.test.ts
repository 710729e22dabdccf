import { type AddressInfo, createServer, connect as dialPlain, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import createClient, { type Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type TestDatabase } from '../../scripts/testing/postgres.ts';
import type { OpenConnection } from '../context.ts';
import { createNetwork } from '../network/network.ts';
import { testCertificate } from '../testing/certificate.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { postgres } from './connection.ts';
import { query } from './query.ts';

let database: TestDatabase;
let admin: Sql;
const servers: Server[] = [];
beforeAll(async () => {
  database = await freshDatabase();
  admin = createClient(database.url, { max: 1, onnotice: () => {} });
  await admin`create table item (id int primary key, name text, data jsonb, tags text[])`;
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const connection = (data: object = {}): OpenConnection => ({
  name: 'db',
  type: 'postgres',
  data: { url: database.url, ...data },
  hosts: [],
});
const run = (sql: string, params: unknown[] = [], more: object = {}, ctx = fakeContext({ connection: connection() })) =>
  runNode(query, ctx, { sql, params: params as never, ...more });
/** Sends one value to the server and back. */
const echo = async (type: string, value: unknown) => (await run(`select $1::${type} as x`, [value])).rows[0]?.x;
const fieldsAt = (port: number, more: object = {}) => {
  const url = new URL(database.url);
  const base = { host: '127.0.0.1', port, database: url.pathname.slice(1), user: decodeURIComponent(url.username) };
  return { url: undefined, password: decodeURIComponent(url.password), ...base, ...more };
};

describe('postgres.query: values', () => {
  it('takes and returns each type as JSON', async () => {
    expect(await echo('int4', 7)).toBe(7);
    expect(await echo('int8', 9007199254740991)).toBe(9007199254740991);
    expect(await echo('int8', '9223372036854775807')).toBe('9223372036854775807');
    expect(await echo('numeric', '12345678901234567890.123456789')).toBe('12345678901234567890.123456789');
    expect(await echo('float8', 0.1)).toBe(0.1);
    expect(await echo('float8', 'NaN')).toBe('NaN');
    expect(await echo('bool', true)).toBe(true);
    expect(await echo('bool', 'f')).toBe(false);
    expect(await echo('text', 'Grüße 🙂')).toBe('Grüße 🙂');
    expect(await echo('text', { a: 1 })).toBe('{"a":1}');
    expect(await echo('text', null)).toBeNull();
    expect(await echo('bytea', 'AQL/')).toBe('AQL/');
    expect(await echo('uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')).toBe('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11');
  });

  it('keeps times exact, in UTC, whatever the machine’s zone', async () => {
    expect(await echo('timestamptz', '2026-05-01T12:00:00.123456+02:00')).toBe('2026-05-01T10:00:00.123456Z');
    expect(await echo('timestamp', '2026-05-01 12:00:00')).toBe('2026-05-01T12:00:00');
    expect(await echo('date', '2026-05-01')).toBe('2026-05-01');
    expect(await echo('time', '12:30')).toBe('12:30:00');
    expect(await echo('interval', '1 day 2 hours')).toBe('P1DT2H');
    expect(await echo('timestamptz', 'infinity')).toBe('infinity');
    const day = await run('select 1 as x where $2::date = $1::date - 1', ['2026-05-02T02:00:00Z', '2026-05-01']);
    expect(day.count).toBe(1);
  });

  it('takes JSON and lists', async () => {
    expect(await echo('jsonb', { a: [1, null, 'x'] })).toEqual({ a: [1, null, 'x'] });
    expect(await echo('jsonb', [{ a: 1 }])).toEqual([{ a: 1 }]);
    expect(await echo('jsonb', 'text')).toBe('text');
    expect(await echo('jsonb', true)).toBe(true);
    expect(await echo('int4[]', [1, 2])).toEqual([1, 2]);
    expect(
      await echo('int8[]', [
        [1, null],
        [3, 4],
      ]),
    ).toEqual([
      [1, null],
      [3, 4],
    ]);
    expect(await echo('jsonb[]', [{ a: 'x"' }, null])).toEqual([{ a: 'x"' }, null]);
    expect(await echo('timestamptz[]', ['2026-05-01T00:00:00Z'])).toEqual(['2026-05-01T00:00:00Z']);
    expect(await echo('text[]', ['a,b', '"', null])).toEqual(['a,b', '"', null]);
    const rows = [
      { id: 1, name: 'Ann' },
      { id: 2, name: "O'Neil; drop table item" },
    ];
    const saved = await run('insert into item select * from jsonb_to_recordset($1) as r(id int, name text)', [rows]);
    expect(saved).toEqual({ rows: [], count: 2, fields: [] });
    const back = await run('select id, name from item order by id', [], { readOnly: true });
    expect(back).toEqual({
      rows,
      count: 2,
      fields: [
        { name: 'id', type: 'int4' },
        { name: 'name', type: 'text' },
      ],
    });
  });

  it('keeps every digit of integers in JSON, at any depth, in lists too; decimals are doubles', async () => {
    const { rows } = await run(`select 7615917337495251231::int8 as plain,
      json_build_object('id', 7615917337495251231, 'amount', 1234567890.123456789, 'rate', 0.10) as j,
      (select jsonb_agg(x) from (values (9007199254740993::int8), (1)) v(x)) as list,
      array['{"a":[{"n":-9007199254740993}]}'::jsonb, '1'] as lists, to_jsonb(12::int8) as small,
      '{"n":1e400, "t":"9007199254740993", "9007199254740993":true}'::jsonb as odd`);
    expect(rows[0]).toEqual({
      plain: '7615917337495251231',
      j: { id: '7615917337495251231', amount: 1234567890.1234567, rate: 0.1 },
      list: ['9007199254740993', 1],
      lists: [{ a: [{ n: '-9007199254740993' }] }, 1],
      small: 12,
      odd: { n: `1${'0'.repeat(400)}`, t: '9007199254740993', '9007199254740993': true },
    });
    expect(await echo('int8', rows[0]?.plain)).toBe('7615917337495251231');
    expect(await echo('numeric', `1${'0'.repeat(400)}`)).toBe(`1${'0'.repeat(400)}`);
  });

  it('says where the character U+0000 is, which no text in PostgreSQL can hold', async () => {
    expect(await failure(run("select 'a\0b'"))).toMatchObject({
      code: 'postgres.nul',
      message: expect.stringMatching(/^"sql" holds the character U\+0000 at offset 9\. Take it out/),
    });
    expect(await failure(run('select $1::int, $2::text', [1, 'a\0b']))).toMatchObject({
      code: 'postgres.nul',
      message: expect.stringMatching(/^\$2 holds the character U\+0000/),
      retryable: false,
    });
    expect(await failure(run('select $1::jsonb', [{ ok: 1, list: [{ 'a/b': 'x\0' }] }]))).toMatchObject({
      code: 'postgres.nul',
      details: { parameter: 1, path: '/list/0/a~1b' },
    });
    expect(await failure(run('select $1::text[]', [['a', 'b\0']]))).toMatchObject({ code: 'postgres.nul' });
    // A value of type json can hold this character, and so can bytes.
    expect(await echo('json', { 'a\0': 'x\0' })).toEqual({ 'a\0': 'x\0' });
    expect(await echo('bytea', 'AAA=')).toBe('AAA=');
    expect(await failure(run(`select '{"a":"\\u0000"}'::json ->> 'a' as x`))).toMatchObject({ code: 'postgres.22P05' });
  });

  it('never lets a value become SQL, nor a column a prototype', async () => {
    const evil = "'; drop table item; --";
    expect(await echo('text', evil)).toBe(evil);
    const { rows } = await run(`select '{"polluted":true}'::jsonb as "__proto__", 1 as ok`);
    expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
    expect((rows[0] as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('postgres.query: transactions', () => {
  it('refuses changes when read-only, and any way out of it', async () => {
    const readOnly = (sql: string) => failure(run(sql, [], { readOnly: true }));
    expect(await readOnly("insert into item values (9, 'x')")).toMatchObject({
      code: 'postgres.25006',
      retryable: false,
    });
    expect((await readOnly('set transaction read write')).code).toBe('postgres.25001');
    const block = "do $$ begin set transaction read write; insert into item values (9, 'x'); end $$";
    expect((await readOnly(block)).code).toBe('postgres.25001');
    expect((await readOnly('commit; create table escaped (a int)')).code).toBe('postgres.42601');
    expect((await admin`select to_regclass('escaped') as t`)[0]?.t).toBeNull();
  });

  it('names the SQLSTATE and what the server says', async () => {
    await run('insert into item (id) values (50)');
    const twice = await failure(run('insert into item (id) values (50)'));
    expect(twice).toMatchObject({ code: 'postgres.23505', retryable: false, unknown: false });
    expect(twice.details).toMatchObject({
      constraint_name: 'item_pkey',
      detail: expect.stringContaining('already exists'),
    });
    expect((await failure(run('selec 1'))).code).toBe('postgres.42601');
    expect((await failure(run('select $1::int', ['x']))).code).toBe('postgres.22P02');
    expect(await failure(run('select $1', []))).toMatchObject({ code: 'postgres.08P01', retryable: false });
  });

  it.each(['copy item from stdin', 'copy item to stdout', '/* x */ copy (select 1) to stdout'])(
    'refuses %s, and lives on: its stream would end the process',
    async (sql) => {
      for (const transaction of [true, false]) {
        const error = await failure(run(sql, [], { transaction }));
        expect(error).toMatchObject({ code: 'postgres.copy', retryable: false, unknown: false });
      }
      expect((await run('select 1 as x')).rows).toEqual([{ x: 1 }]);
    },
  );

  it('undoes a statement that returns too much', async () => {
    const error = await failure(
      run('insert into item (id) select generate_series(100, 120) returning id', [], { maxRows: 10 }),
    );
    expect(error.code).toBe('postgres.tooManyRows');
    expect((await run('select id from item where id between 100 and 120')).count).toBe(0);
    const large = await failure(run("select repeat('x', 1000000) as x from generate_series(1, 300)"));
    expect(large).toMatchObject({ code: 'postgres.tooLarge', retryable: false });
    const lists = (items: number, rows: number) =>
      run(`select ('[' || repeat('{},', ${items}) || '{}]')::json as x from generate_series(1, ${rows})`);
    for (const [items, rows] of [
      [460_000, 1],
      [200_000, 3],
    ] as const)
      expect(await failure(lists(items, rows))).toMatchObject({ code: 'postgres.tooLarge', unknown: false });
    expect((await lists(200_000, 2)).count).toBe(2);
    const array = await failure(run('select array_agg(1) as x from generate_series(1, 1700000)'));
    expect(array).toMatchObject({ code: 'postgres.tooLarge', unknown: false });
    const links = await run("select array_agg('https://a.example/' || n) as x from generate_series(1, 300000) as n");
    expect((links.rows[0]!.x as string[]).length).toBe(300_000);
  });

  it('ends a statement at its limit, and on cancel, in the server too', async () => {
    expect((await failure(run('select pg_sleep(30)', [], { statementTimeout: '50ms' }))).code).toBe('postgres.57014');
    const controller = new AbortController();
    const ctx = fakeContext({ connection: connection(), signal: controller.signal });
    const sleeping = run("select pg_sleep(30), 'to be cancelled'", [], {}, ctx);
    const count = async () =>
      Number(
        (
          await admin`select count(*) from pg_stat_activity where query like ${'%to be cancelled%'} and state = 'active' and pid <> pg_backend_pid()`
        )[0]?.count,
      );
    await expect.poll(count, { timeout: 5000, interval: 20 }).toBe(1);
    controller.abort(new Error('cancelled by test'));
    await expect(sleeping).rejects.toThrow('cancelled by test');
    await expect.poll(count, { timeout: 5000, interval: 20 }).toBe(0);
  });

  it('retries a statement that another transaction interfered with', async () => {
    await admin`insert into item (id) values (70) on conflict do nothing`;
    const locked = await admin.begin(async (holding) => {
      await holding`select * from item where id = 70 for update`;
      return failure(run('select * from item where id = 70 for update nowait'));
    });
    expect(locked).toMatchObject({ code: 'postgres.55P03', retryable: true, unknown: false });
  });

  it('runs a statement that refuses a transaction without one', async () => {
    expect((await failure(run('vacuum item'))).code).toBe('postgres.25001');
    expect((await run('vacuum item', [], { transaction: false })).count).toBe(0);
    expect(query.input.safeParse({ sql: 'x', readOnly: true, transaction: false }).success).toBe(false);
  });
});

/** A TCP proxy in front of the real server; `onData` may cut off what the client sends. */
async function proxy(onClient: (client: Socket, server: Socket) => void): Promise<number> {
  const target = new URL(database.url);
  const server = createServer((client) => {
    const upstream = dialPlain({ host: target.hostname, port: Number(target.port) });
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('close', () => upstream.destroy());
    onClient(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

describe('postgres.query: the connection', () => {
  it('distinguishes a lost commit from a lost statement', async () => {
    const cutAt = (text: string) =>
      proxy((client, upstream) => {
        upstream.pipe(client);
        client.on('data', (chunk) => {
          if (chunk.toString('latin1').includes(text)) client.destroy();
          else upstream.write(chunk);
        });
      });
    const broken = async (text: string, more: object = {}) => {
      const ctx = fakeContext({ connection: connection(fieldsAt(await cutAt(text))) });
      return failure(run("select 'marker'", [], more, ctx));
    };
    expect(await broken('marker')).toMatchObject({ code: 'postgres.network', retryable: true, unknown: false });
    expect(await broken('commit')).toMatchObject({ code: 'postgres.unanswered', retryable: false, unknown: true });
    expect(await broken('commit', { readOnly: true })).toMatchObject({ code: 'postgres.network', retryable: true });
    expect(await broken('marker', { transaction: false })).toMatchObject({
      code: 'postgres.unanswered',
      unknown: true,
    });
  });

  it('says what is wrong with host, role and database, never the password', async () => {
    const port = Number(new URL(database.url).port);
    const attempt = (data: object, overrides: object = {}) =>
      failure(run('select 1', [], {}, fakeContext({ connection: connection(data), ...overrides })));
    const wrong = await attempt(fieldsAt(port, { user: 'nobody_here', password: 'very-secret' }));
    expect(wrong.code).toMatch(/^postgres\.28/);
    expect(wrong.retryable).toBe(false);
    expect(JSON.stringify([wrong.message, wrong.details])).not.toContain('very-secret');
    expect((await attempt(fieldsAt(port, { database: 'nowhere' }))).code).toBe('postgres.3D000');
    expect(await attempt(fieldsAt(1))).toMatchObject({ code: 'postgres.network', retryable: true });
    expect((await attempt(fieldsAt(port), { network: createNetwork({ allow: [] }) })).code).toBe('network.forbidden');
    expect((await attempt({ url: undefined, host: 'x' })).code).toBe('connection.invalid');
    const bound = { ...connection(), hosts: ['db.example.com'] };
    expect((await failure(run('select 1', [], {}, fakeContext({ connection: bound })))).code).toBe('connection.host');
  });

  it('never falls back on the operator’s own environment', async () => {
    const before = { ...process.env };
    const url = new URL(database.url);
    Object.assign(process.env, {
      PGPASSWORD: decodeURIComponent(url.password),
      PGUSER: decodeURIComponent(url.username),
      PGHOST: url.hostname,
    });
    try {
      const port = Number(url.port);
      const seen: string[] = [];
      const watching = await proxy((client, upstream) => {
        upstream.pipe(client);
        client.on('data', (chunk) => {
          seen.push(chunk.toString('latin1'));
          upstream.write(chunk);
        });
      });
      const ctx = fakeContext({
        connection: connection(fieldsAt(watching, { user: 'someone_else', password: undefined, ssl: 'disable' })),
      });
      await failure(run('select 1', [], {}, ctx));
      expect(port).toBeGreaterThan(0);
      expect(seen.join()).toContain('someone_else');
      if (url.password !== '') expect(seen.join()).not.toContain(decodeURIComponent(url.password));
    } finally {
      process.env = before;
    }
  });

  it('speaks TLS, checked against the name of the server', async () => {
    const { key, cert } = testCertificate('db.example');
    let encrypted = 0;
    const shown: unknown[] = [];
    const port = await proxy((client, upstream) => {
      client.once('data', () => {
        client.write('S');
        const secure = new TLSSocket(client, {
          isServer: true,
          key,
          cert,
          requestCert: true,
          rejectUnauthorized: false,
        });
        secure.on('error', () => {});
        secure.on('secure', () => {
          encrypted += 1;
          shown.push(secure.getPeerCertificate().subject?.CN);
        });
        secure.pipe(upstream).pipe(secure);
      });
    });
    const network = createNetwork({ allow: ['*.example'], lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
    const attempt = (host: string, more: object) =>
      run(
        'select 1 as one',
        [],
        {},
        fakeContext({ network, connection: connection(fieldsAt(port, { host, ...more })) }),
      );
    for (const ssl of ['prefer', 'require']) expect((await attempt('db.example', { ssl })).rows).toEqual([{ one: 1 }]);
    expect((await attempt('db.example', { ssl: 'verify-full', ca: cert })).rows).toEqual([{ one: 1 }]);
    expect(encrypted).toBe(3);
    const unknown = await failure(attempt('db.example', { ssl: 'verify-full' }));
    expect(unknown.code).toBe('postgres.tls');
    expect(unknown.message).toMatch(/into the field "ca" of the connection "[a-z]+"\.$/);
    const wrongName = await failure(attempt('other.example', { ssl: 'verify-full', ca: cert }));
    expect(wrongName.code).toBe('postgres.tls');
    expect(wrongName.message).toContain('is not for other.example, but for DNS:db.example');
    const client = testCertificate('client.example');
    await attempt('db.example', { ssl: 'verify-full', ca: cert, cert: client.cert, key: client.key });
    expect(shown.filter((name) => name !== undefined)).toEqual(['client.example']);
    const other = { ssl: 'require', cert: client.cert, key };
    expect(await failure(attempt('db.example', other))).toMatchObject({ code: 'connection.invalid', retryable: false });
  });

  it('does without TLS only where that is allowed', async () => {
    const port = Number(new URL(database.url).port);
    const [{ ssl: offered } = { ssl: 'off' }] = await admin<{ ssl: string }[]>`show ssl`;
    expect(offered).toBe('off');
    const required = fakeContext({ connection: connection(fieldsAt(port, { ssl: 'require' })) });
    expect(await failure(run('select 1', [], {}, required))).toMatchObject({ code: 'postgres.tls', retryable: false });
    const preferred = fakeContext({ connection: connection(fieldsAt(port, { ssl: 'prefer' })) });
    expect((await run('select 1 as one', [], {}, preferred)).count).toBe(1);
  });

  it('tests a connection', async () => {
    const ctx = {
      network: createNetwork({ allow: ['127.0.0.0/8', 'localhost'] }),
      signal: new AbortController().signal,
      hosts: [],
    };
    expect(await postgres.test?.(ctx, postgres.fields.parse({ url: database.url }))).toEqual({ ok: true });
    const wrong = postgres.fields.parse({ url: 'postgres://a:very-secret@127.0.0.1:1/x' });
    const result = await postgres.test?.(ctx, wrong);
    expect(result?.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('very-secret');
  });
});
