import { and, asc, eq, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { run, wait } from '../../schema/index.ts';

/** An approval that a run waits for. */
export interface OpenApproval {
  readonly runId: string;
  readonly workflow: string;
  readonly version: number | null;
  readonly step: string;
  readonly since: string;
  readonly until: string | null;
  readonly detail: Json;
  readonly seq: number;
}

/** Where a page of approvals ends. */
export type ApprovalCursor = Pick<OpenApproval, 'since' | 'runId' | 'seq'>;

/** Approvals of all runs, those first that have waited longest. Every page costs the same, however far down the list. */
export async function openApprovals(
  tx: Tenant,
  input: { workflow?: string | undefined; runId?: string | undefined; limit: number; after?: ApprovalCursor },
): Promise<OpenApproval[]> {
  const { workflow, runId, limit, after } = input;
  return tx.db
    .select({
      runId: wait.runId,
      workflow: run.workflow,
      version: run.version,
      step: wait.step,
      since: wait.since,
      until: wait.until,
      detail: wait.detail,
      seq: wait.seq,
    })
    .from(wait)
    .innerJoin(run, and(eq(run.workspaceId, wait.workspaceId), eq(run.id, wait.runId)))
    .where(
      and(
        eq(wait.workspaceId, tx.workspace),
        // Written out, because the index holds approvals only.
        sql`${wait.kind} = 'approval'`,
        workflow === undefined ? undefined : eq(wait.workflow, workflow),
        runId === undefined ? undefined : eq(wait.runId, runId),
        after &&
          sql`(${wait.since}, ${wait.runId}, ${wait.seq}) > (${after.since}::timestamptz, ${after.runId}, ${after.seq})`,
      ),
    )
    .orderBy(asc(wait.since), asc(wait.runId), asc(wait.seq))
    .limit(limit);
}
