import type { Tenant } from '../database.ts';
import { workspace } from '../schema/index.ts';

/** Makes the workspace of this transaction exist. */
export async function ensureWorkspace(tx: Tenant): Promise<void> {
  await tx.db.insert(workspace).values({ workspaceId: tx.workspace }).onConflictDoNothing();
}
