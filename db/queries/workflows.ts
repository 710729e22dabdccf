import { and, asc, eq, sql } from 'drizzle-orm';
import type { Graph } from '../../graph/document/types.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { Tenant } from '../database.ts';
import { workflow, workflowVersion } from '../schema/index.ts';

/** A published version, whole. */
export interface PublishedVersion {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  readonly publishedAt: string;
  readonly graph: Graph;
  readonly plan: Plan;
}

/**
 * Publishes a graph: as a new immutable version, unless the published version has the same hash.
 * Concurrent publications of one workflow wait for each other.
 */
export async function publishWorkflow(
  tx: Tenant,
  input: { graph: Graph; plan: Plan; hash: string },
): Promise<{ name: string; version: number; hash: string; publishedAt: string; created: boolean }> {
  const { graph, plan, hash } = input;
  const name = graph.name;
  const meta = { label: graph.label ?? null, draft: graph as never, updatedAt: sql`now()` };
  const [head] = await tx.db
    .insert(workflow)
    .values({ workspaceId: tx.workspace, name, ...meta })
    .onConflictDoUpdate({ target: [workflow.workspaceId, workflow.name], set: meta })
    .returning({ published: workflow.publishedVersion });
  const current = head?.published == null ? null : await findVersion(tx, { name });
  if (current?.hash === hash) return { name, ...current, created: false };

  const [last] = await tx.db
    .select({ version: sql<number>`coalesce(max(${workflowVersion.version}), 0)::int` })
    .from(workflowVersion)
    .where(and(eq(workflowVersion.workspaceId, tx.workspace), eq(workflowVersion.workflow, name)));
  const version = (last?.version ?? 0) + 1;
  const [made] = await tx.db
    .insert(workflowVersion)
    .values({ workspaceId: tx.workspace, workflow: name, version, graph, plan, hash, language: graph.blok })
    .returning({ publishedAt: workflowVersion.publishedAt });
  await tx.db
    .update(workflow)
    .set({ publishedVersion: version })
    .where(and(eq(workflow.workspaceId, tx.workspace), eq(workflow.name, name)));
  return { name, version, hash, publishedAt: made!.publishedAt, created: true };
}

/** A version of a workflow (default: the published one), or null. */
export async function getVersion(
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<PublishedVersion | null> {
  const [row] = await tx.db
    .select({
      name: workflowVersion.workflow,
      version: workflowVersion.version,
      hash: workflowVersion.hash,
      publishedAt: workflowVersion.publishedAt,
      graph: workflowVersion.graph,
      plan: workflowVersion.plan,
    })
    .from(workflow)
    .innerJoin(workflowVersion, versionOf(input.version))
    .where(and(eq(workflow.workspaceId, tx.workspace), eq(workflow.name, input.name)));
  return row ?? null;
}

/** A version of a workflow (default: the published one) without its graph and plan, or null. */
export async function findVersion(
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<{ version: number; hash: string; publishedAt: string } | null> {
  const [row] = await tx.db
    .select({
      version: workflowVersion.version,
      hash: workflowVersion.hash,
      publishedAt: workflowVersion.publishedAt,
    })
    .from(workflow)
    .innerJoin(workflowVersion, versionOf(input.version))
    .where(and(eq(workflow.workspaceId, tx.workspace), eq(workflow.name, input.name)));
  return row ?? null;
}

/** Workflows by name, at most `limit`, after `after`. */
export async function listWorkflows(
  tx: Tenant,
  input: { limit?: number; after?: string } = {},
): Promise<{ name: string; label: string | null; version: number | null; publishedAt: string | null }[]> {
  return tx.db
    .select({
      name: workflow.name,
      label: workflow.label,
      version: workflow.publishedVersion,
      publishedAt: workflowVersion.publishedAt,
    })
    .from(workflow)
    .leftJoin(workflowVersion, versionOf(undefined))
    .where(and(eq(workflow.workspaceId, tx.workspace), sql`${workflow.name} > ${input.after ?? ''}`))
    .orderBy(asc(workflow.name))
    .limit(input.limit ?? 1000);
}

const versionOf = (version: number | undefined) =>
  and(
    eq(workflowVersion.workspaceId, workflow.workspaceId),
    eq(workflowVersion.workflow, workflow.name),
    eq(workflowVersion.version, version ?? workflow.publishedVersion),
  );
