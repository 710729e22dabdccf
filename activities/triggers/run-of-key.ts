import { getRunSummary, runIdOf, type Tenant, workflowIdOf } from '../../db/index.ts';

/** The run that a firing's key stands for. */
export interface RunOfKey {
  readonly workflowId: string;
  readonly runId: string;
  /** It was started before. Temporal forgets runs that have ended, so Postgres is asked. */
  readonly known: boolean;
}

/** Looks for the run of a key. */
export async function runOfKey(
  tx: Tenant,
  firing: { readonly workflow: string; readonly trigger: string; readonly key: string },
): Promise<RunOfKey> {
  const workflowId = workflowIdOf({ workspace: tx.workspace, ...firing });
  const runId = runIdOf(workflowId);
  return { workflowId, runId, known: (await getRunSummary(tx, { runId })) !== null };
}
