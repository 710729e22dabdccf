import { and, eq, sql } from 'drizzle-orm';
import type { Graph } from '../../../graph/document/types.ts';
import type { Tenant } from '../../database.ts';
import { run, runPayload, workflowVersion } from '../../schema/index.ts';
import { inMonthOf, noteMonth } from './month.ts';
import { jsonColumn } from './run-columns.ts';

/** Keeps the graph that a run was given. */
export async function keepGraph(tx: Tenant, { runId, graph }: { runId: string; graph: Graph }): Promise<void> {
  await tx.db.execute(sql`
    with home as (${noteMonth(tx, runId)})
    insert into ${runPayload} (workspace_id, run_id, month, graph)
    select ${tx.workspace}, ${runId}, home.month, ${jsonColumn(graph)} from home
    on conflict (workspace_id, run_id, month) do update set graph = excluded.graph`);
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
