import { eq } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { connection, milestone } from '../schema/index.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { seal, unseal } from '../secrets/seal.ts';
import { openDataKey } from './data-keys.ts';
import { connectionIs, contextOf } from './sealed/connection-row.ts';

const MILESTONE = 'connections sealed with type and hosts';

/**
 * Seals the connections of the workspace again that an older Blok sealed without their type and hosts. This happens once
 * in the life of a workspace. Later, such a connection is unreadable: whoever writes rows could otherwise bring back an
 * old row with hosts of their own.
 *
 * @returns whether it was done now
 * @throws DataError `connection.unreadable` if the key is missing; then it is not done yet
 */
export async function resealConnections(tx: Tenant, keyring: Keyring): Promise<boolean> {
  // Another process that does the same waits here until this transaction ends.
  const first = await tx.db
    .insert(milestone)
    .values({ workspaceId: tx.workspace, name: MILESTONE })
    .onConflictDoNothing()
    .returning({ name: milestone.name });
  if (first.length === 0) return false;
  const rows = await tx.db.select().from(connection).where(eq(connection.workspaceId, tx.workspace)).for('update');
  for (const row of rows) await resealOne(tx, row, await openDataKey(tx, keyring, row.dekVersion));
  return true;
}

async function resealOne(tx: Tenant, row: typeof connection.$inferSelect, key: Uint8Array): Promise<void> {
  let plaintext: Buffer;
  try {
    plaintext = unseal(key, row, `${tx.workspace}|${row.name}|${row.revision}`);
  } catch {
    // Sealed in the new way already, or altered: opening the connection tells which.
    return;
  }
  const sealed = seal(key, plaintext, contextOf(tx.workspace, row));
  plaintext.fill(0);
  await tx.db.update(connection).set(sealed).where(connectionIs(tx, row.name));
}
