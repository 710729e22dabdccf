import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { parseKeyring } from '../secrets/keyring.ts';
import { useDatabase } from '../testing/tenants.ts';
import {
  deleteConnection,
  getConnection,
  listConnections,
  noteUse,
  openConnection,
  putConnection,
} from './connections.ts';
import { rewrapDataKeys } from './data-keys.ts';

const store = useDatabase();
const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const keyring = parseKeyring(OLD);
const mail = {
  name: 'mail',
  type: 'smtp',
  hosts: ['mail.example'],
  data: { user: 'ada', password: 'CANARY-hunter2' },
  keyring,
};

describe('connections', () => {
  it('open to what was put, and list without data', async () => {
    await store.inside((tx) => putConnection(tx, mail));
    const opened = await store.inside((tx) => openConnection(tx, { name: 'mail', keyring }));
    expect(opened).toEqual({ name: 'mail', type: 'smtp', hosts: ['mail.example'], rateLimit: null, data: mail.data });
    const listed = await store.inside(listConnections);
    const shown = {
      name: 'mail',
      type: 'smtp',
      hosts: ['mail.example'],
      rateLimit: null,
      updatedAt: expect.any(String),
    };
    expect(listed).toEqual([{ ...shown, lastUsedAt: null, grant: null }]);
    await store.inside((tx) => noteUse(tx, { name: 'mail' }));
    expect(await store.inside((tx) => getConnection(tx, { name: 'mail' }))).toEqual({
      ...{ ...shown, grant: null, lastUsedAt: expect.any(String) },
    });
    const rateLimit = { limit: 50, per: '1s', burst: 5 };
    await store.inside((tx) => putConnection(tx, { ...mail, rateLimit }));
    expect(await store.inside(listConnections)).toMatchObject([{ rateLimit }]);
    await store.inside((tx) => putConnection(tx, { ...mail, data: { password: 'second' } }));
    expect((await store.inside((tx) => openConnection(tx, { name: 'mail', keyring }))).data).toEqual({
      password: 'second',
    });
  });

  it('hold the secret in no column as text', async () => {
    await store.inside((tx) => putConnection(tx, mail));
    const client = postgres(store.url(), { max: 1 });
    const rows = await client`select c::text as c from connection c union all select d::text from data_key d`;
    await client.end();
    const dump = rows.map((row) => String(row.c)).join('\n');
    expect(dump).toContain('smtp');
    for (const form of [
      'CANARY-hunter2',
      Buffer.from('CANARY-hunter2').toString('hex'),
      Buffer.from('CANARY-hunter2').toString('base64'),
    ]) {
      expect(dump).not.toContain(form);
    }
  });

  it('do not open in another workspace, under another name, or after being altered', async () => {
    await store.inside((tx) => putConnection(tx, mail));
    await expect(store.inside((tx) => openConnection(tx, { name: 'mail', keyring }), 'b')).rejects.toMatchObject({
      code: 'connection.notFound',
    });
    await store.inside((tx) =>
      tx.db.execute(sql`insert into connection (workspace_id, name, type, hosts, revision, dek_version, nonce, ciphertext)
      select workspace_id, 'copy', type, hosts, revision, dek_version, nonce, ciphertext from connection where name = 'mail'`),
    );
    await expect(store.inside((tx) => openConnection(tx, { name: 'copy', keyring }))).rejects.toMatchObject({
      code: 'connection.unreadable',
    });
    expect(await store.inside((tx) => deleteConnection(tx, { name: 'copy' }))).toBe(true);
    expect(await store.inside((tx) => deleteConnection(tx, { name: 'copy' }))).toBe(false);
  });

  it.each([
    ['type', `'http-header'`],
    ['hosts', `'["stranger.example"]'`],
    ['hosts', `'["mail.example","stranger.example"]'`],
    ['hosts', `'[]'`],
    ['hosts', `'not json'`],
    ['revision', 'revision + 1'],
    ['nonce', `''`],
    ['ciphertext', `substr(ciphertext, 2)`],
    ['dek_version', '2'],
  ])('are unreadable once their %s is changed to %s', async (column, value) => {
    const name = 'changed';
    await store.inside((tx) => putConnection(tx, { ...mail, name }));
    await store.inside((tx) =>
      tx.db.execute(sql`update connection set ${sql.raw(`${column} = ${value}`)} where name = ${name}`),
    );
    await expect(store.inside((tx) => openConnection(tx, { name, keyring }))).rejects.toMatchObject({
      code: 'connection.unreadable',
      name: 'DataError',
    });
    await store.inside((tx) => putConnection(tx, { ...mail, name }));
    expect((await store.inside((tx) => openConnection(tx, { name, keyring }))).hosts).toEqual(mail.hosts);
  });

  it('are unreadable, with a code, once their data key is changed', async () => {
    await store.inside((tx) => putConnection(tx, mail), 'k');
    await store.inside((tx) => tx.db.execute(sql`update data_key set wrapped = substr(wrapped, 2)`), 'k');
    await expect(store.inside((tx) => openConnection(tx, { name: 'mail', keyring }), 'k')).rejects.toMatchObject({
      code: 'connection.unreadable',
      message: expect.stringContaining('data_key'),
    });
  });

  it('share one data key when first put at the same time', async () => {
    const names = ['c1', 'c2', 'c3', 'c4'];
    await Promise.all(names.map((name) => store.inside((tx) => putConnection(tx, { ...mail, name }), 'c')));
    for (const name of names) {
      expect((await store.inside((tx) => openConnection(tx, { name, keyring }), 'c')).data).toEqual(mail.data);
    }
  });

  it('move to a new key by wrapping the data key again', async () => {
    const inside = <T>(fn: Parameters<typeof store.inside<T>>[0]) => store.inside(fn, 'd');
    await inside((tx) => putConnection(tx, mail));
    const before = await inside((tx) => tx.db.execute(sql`select ciphertext from connection`));
    await expect(
      inside((tx) => openConnection(tx, { name: 'mail', keyring: parseKeyring(NEW) })),
    ).rejects.toMatchObject({
      code: 'connection.unreadable',
      message: expect.stringContaining('"new,old"'),
    });
    const both = parseKeyring(`${NEW},${OLD}`);
    expect((await inside((tx) => openConnection(tx, { name: 'mail', keyring: both }))).data).toEqual(mail.data);
    expect(await inside((tx) => rewrapDataKeys(tx, both))).toBe(1);
    expect(await inside((tx) => rewrapDataKeys(tx, both))).toBe(0);
    expect((await inside((tx) => openConnection(tx, { name: 'mail', keyring: parseKeyring(NEW) }))).data).toEqual(
      mail.data,
    );
    expect((await inside((tx) => tx.db.execute(sql`select ciphertext from connection`))).rows).toEqual(before.rows);
  });
});
