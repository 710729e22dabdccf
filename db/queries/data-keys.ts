import { randomBytes } from 'node:crypto';
import { and, desc, eq, ne } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { DataError } from '../error.ts';
import { dataKey } from '../schema/index.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { seal, unseal } from '../secrets/seal.ts';

/** The newest data key of the workspace, opened. It is created if there is none. */
export async function currentDataKey(tx: Tenant, keyring: Keyring): Promise<{ version: number; key: Uint8Array }> {
  const newest = async () => {
    const mine = eq(dataKey.workspaceId, tx.workspace);
    const [row] = await tx.db.select().from(dataKey).where(mine).orderBy(desc(dataKey.version)).limit(1);
    return row && { version: row.version, key: open(row, keyring) };
  };
  const found = await newest();
  if (found) return found;
  await tx.db
    .insert(dataKey)
    .values(wrap(tx, keyring, 1, randomBytes(32)))
    .onConflictDoNothing();
  // Read again, because another writer's key may have come first.
  return (await newest())!;
}

/** One data key of the workspace, opened. */
export async function openDataKey(tx: Tenant, keyring: Keyring, version: number): Promise<Uint8Array> {
  const [row] = await tx.db
    .select()
    .from(dataKey)
    .where(and(eq(dataKey.workspaceId, tx.workspace), eq(dataKey.version, version)));
  if (!row) throw new DataError('connection.unreadable', `Data key ${version} of the workspace is missing.`);
  return open(row, keyring);
}

/** Wraps all data keys of the workspace with the keyring's current key. No connection is re-encrypted. */
export async function rewrapDataKeys(tx: Tenant, keyring: Keyring): Promise<number> {
  const old = await tx.db
    .select()
    .from(dataKey)
    .where(and(eq(dataKey.workspaceId, tx.workspace), ne(dataKey.kekId, keyring.current.id)))
    .for('update');
  for (const row of old) {
    const { kekId, nonce, wrapped } = wrap(tx, keyring, row.version, open(row, keyring));
    await tx.db
      .update(dataKey)
      .set({ kekId, nonce, wrapped })
      .where(and(eq(dataKey.workspaceId, tx.workspace), eq(dataKey.version, row.version)));
  }
  return old.length;
}

function wrap(tx: Tenant, keyring: Keyring, version: number, key: Uint8Array): typeof dataKey.$inferInsert {
  const { nonce, ciphertext } = seal(keyring.current.key, key, context(tx.workspace, version));
  return { workspaceId: tx.workspace, version, kekId: keyring.current.id, nonce, wrapped: ciphertext };
}

function open(row: typeof dataKey.$inferSelect, keyring: Keyring): Uint8Array {
  const kek = keyring.byId.get(row.kekId);
  if (!kek) {
    throw new DataError(
      'connection.unreadable',
      `The connections of this workspace were stored under another secret key (${row.kekId}). ` +
        'Set BLOK_SECRET_KEY to that key, or to "new,old" to move to a new one.',
    );
  }
  try {
    return unseal(kek, { nonce: row.nonce, ciphertext: row.wrapped }, context(row.workspaceId, row.version));
  } catch (cause) {
    throw new DataError(
      'connection.unreadable',
      `Data key ${row.version} of the workspace was altered in the database. Restore the table data_key from a backup.`,
      { cause },
    );
  }
}

const context = (workspace: string, version: number): string => `${workspace}|data-key|${version}`;
