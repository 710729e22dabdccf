import { eq } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { workspace } from '../schema/index.ts';

/** Makes the workspace of this transaction exist. */
export async function ensureWorkspace(tx: Tenant): Promise<void> {
  await tx.db.insert(workspace).values({ workspaceId: tx.workspace }).onConflictDoNothing();
}

/** Whether a graph is published only with graph tests that pass. */
export async function requiresTests(tx: Tenant): Promise<boolean> {
  const [row] = await tx.db
    .select({ requireTests: workspace.requireTests })
    .from(workspace)
    .where(eq(workspace.workspaceId, tx.workspace));
  return row?.requireTests ?? false;
}

/** Says whether that is so. */
export async function setRequiresTests(tx: Tenant, input: { requireTests: boolean }): Promise<void> {
  await tx.db
    .insert(workspace)
    .values({ workspaceId: tx.workspace, ...input })
    .onConflictDoUpdate({ target: workspace.workspaceId, set: input });
}
