import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Tenant } from '../database.ts';
import { connection } from '../schema/index.ts';
import { parseKeyring } from '../secrets/keyring.ts';
import { seal } from '../secrets/seal.ts';
import { useDatabase } from '../testing/tenants.ts';
import { openConnection, putConnection } from './connections.ts';
import { currentDataKey } from './data-keys.ts';
import { resealConnections } from './reseal.ts';

const store = useDatabase();
const keyring = parseKeyring(Buffer.alloc(32, 1).toString('base64'));
const other = parseKeyring(Buffer.alloc(32, 2).toString('base64'));
const data = { token: 'a-token-of-mine' };

/** A connection as it was stored before type and hosts were sealed with it. */
async function putOld(tx: Tenant, name: string): Promise<void> {
  await putConnection(tx, { name, type: 'http-bearer', hosts: ['good.example'], data, keyring });
  const { key } = await currentDataKey(tx, keyring);
  const sealed = seal(key, Buffer.from(JSON.stringify(data)), `${tx.workspace}|${name}|1`);
  await tx.db.update(connection).set(sealed).where(eq(connection.name, name));
}

const open = (workspace: string, name: string) =>
  store.inside((tx) => openConnection(tx, { name, keyring }), workspace);
const reseal = (workspace: string, ring = keyring) => store.inside((tx) => resealConnections(tx, ring), workspace);

describe('connections of an older Blok', () => {
  it('open after they are sealed again, which happens once, by one of several processes', async () => {
    await store.inside((tx) => putOld(tx, 'one'));
    await store.inside((tx) => putOld(tx, 'two'));
    await expect(open('a', 'one')).rejects.toMatchObject({ code: 'connection.unreadable' });
    const done = await Promise.all([reseal('a'), reseal('a'), reseal('a')]);
    expect(done.filter(Boolean)).toHaveLength(1);
    for (const name of ['one', 'two']) expect(await open('a', name)).toMatchObject({ hosts: ['good.example'], data });
  });

  it('that are put back afterwards stay unreadable', async () => {
    await store.inside((tx) => putOld(tx, 'back'), 'b');
    const rows = await store.inside((tx) => tx.db.select().from(connection), 'b');
    expect(await reseal('b')).toBe(true);
    await store.inside((tx) => tx.db.update(connection).set({ ...rows[0]!, hosts: ['stranger.example'] }), 'b');
    expect(await reseal('b')).toBe(false);
    await expect(open('b', 'back')).rejects.toMatchObject({ code: 'connection.unreadable' });
    // The role of the queries can do nothing about the milestone.
    for (const attempt of [sql`delete from milestone`, sql`update milestone set name = 'x'`])
      await expect(store.inside((tx) => tx.db.execute(attempt), 'b')).rejects.toThrow('permission denied');
  });

  it('wait for their key, and leave alone what is sealed already', async () => {
    await store.inside((tx) => putOld(tx, 'old'), 'c');
    await store.inside((tx) => putConnection(tx, { name: 'new', type: 't', hosts: [], data, keyring }), 'c');
    await expect(reseal('c', other)).rejects.toMatchObject({ code: 'connection.unreadable' });
    expect(await reseal('c')).toBe(true);
    expect((await open('c', 'old')).data).toEqual(data);
    expect((await open('c', 'new')).data).toEqual(data);
  });
});
