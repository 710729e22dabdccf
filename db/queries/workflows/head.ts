import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { workflow, workflowVersion } from '../../schema/index.ts';
import { ITS_PUBLISHED_VERSION } from '../published-version.ts';

/** What is published of a workflow, and whether it still exists. */
export interface WorkflowHead {
  readonly name: string;
  /** The published version; null: there is none. */
  readonly version: number | null;
  readonly hash: string | null;
  readonly publishedAt: string | null;
  readonly archivedAt: string | null;
  readonly deletedAt: string | null;
}

/**
 * Locks the row of a workflow until the transaction ends, and makes it if there is none: whoever changes the workflow,
 * its draft or its versions does so one after the other. `deletedAt` is set for a workflow that was just made, or was
 * deleted: `reviveWorkflow` brings it to life.
 */
export async function lockWorkflow(tx: Tenant, input: { name: string }): Promise<WorkflowHead> {
  await tx.db
    .insert(workflow)
    .values({ workspaceId: tx.workspace, name: input.name, deletedAt: sql`now()` })
    .onConflictDoNothing();
  await tx.db.select({ name: workflow.name }).from(workflow).where(named(tx, input.name)).for('update');
  return (await readHead(tx, input.name))!;
}

/** Locks the row of a workflow that exists; null if there is none. */
export async function lockExisting(tx: Tenant, input: { name: string }): Promise<WorkflowHead | null> {
  const isThere = and(named(tx, input.name), isNull(workflow.deletedAt));
  const rows = await tx.db.select({ name: workflow.name }).from(workflow).where(isThere).for('update');
  return rows.length === 0 ? null : ((await readHead(tx, input.name)) ?? null);
}

/** What is published of a workflow; null if it does not exist. */
export async function findWorkflow(tx: Tenant, input: { name: string }): Promise<WorkflowHead | null> {
  const head = await readHead(tx, input.name);
  return head === undefined || head.deletedAt !== null ? null : head;
}

/** Makes a workflow exist that was just made, or was deleted. Its versions go on counting, but the old ones are not its own. */
export async function reviveWorkflow(tx: Tenant, head: WorkflowHead): Promise<void> {
  if (head.deletedAt === null) return;
  const next = sql`(select coalesce(max(${workflowVersion.version}), 0) + 1 from ${workflowVersion}
    where ${workflowVersion.workspaceId} = ${tx.workspace} and ${workflowVersion.workflow} = ${head.name})`;
  await tx.db
    .update(workflow)
    .set({ deletedAt: null, firstVersion: next, createdAt: sql`now()`, updatedAt: sql`now()` })
    .where(named(tx, head.name));
}

export const named = (tx: Tenant, name: string) => and(eq(workflow.workspaceId, tx.workspace), eq(workflow.name, name));

async function readHead(tx: Tenant, name: string): Promise<WorkflowHead | undefined> {
  const [row] = await tx.db
    .select({
      name: workflow.name,
      version: workflow.publishedVersion,
      hash: workflowVersion.hash,
      publishedAt: workflowVersion.publishedAt,
      archivedAt: workflow.archivedAt,
      deletedAt: workflow.deletedAt,
    })
    .from(workflow)
    .leftJoin(workflowVersion, ITS_PUBLISHED_VERSION)
    .where(named(tx, name));
  return row;
}
