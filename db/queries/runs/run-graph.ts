import { and, eq } from 'drizzle-orm';
import type { Graph } from '../../../graph/document/types.ts';
import type { Tenant } from '../../database.ts';
import { run, runPayload, workflowVersion } from '../../schema/index.ts';
import { inMonthOf, monthOf } from './month.ts';

/** Keeps the graph that a run was given. */
export async function keepGraph(tx: Tenant, { runId, graph }: { runId: string; graph: Graph }): Promise<void> {
  await tx.db
    .insert(runPayload)
    .values({ workspaceId: tx.workspace, runId, month: monthOf(tx, runId), graph })
    .onConflictDoUpdate({ target: [runPayload.workspaceId, runPayload.runId, runPayload.month], set: { graph } });
}

/** The graph that a run executes: the one it was given, or that of its version. Null: it was not kept. */
export async function graphOfRun(tx: Tenant, { runId }: { runId: string }): Promise<Graph | null> {
  const [row] = await tx.db
    .select({ given: runPayload.graph, published: workflowVersion.graph })
    .from(run)
    .leftJoin(
      runPayload,
      and(eq(runPayload.workspaceId, run.workspaceId), eq(runPayload.runId, run.id), eq(runPayload.month, run.month)),
    )
    .leftJoin(
      workflowVersion,
      and(
        eq(workflowVersion.workspaceId, run.workspaceId),
        eq(workflowVersion.workflow, run.workflow),
        eq(workflowVersion.version, run.version),
      ),
    )
    .where(and(eq(run.workspaceId, tx.workspace), eq(run.id, runId), inMonthOf(tx, runId, run.month)));
  return row?.given ?? row?.published ?? null;
}
