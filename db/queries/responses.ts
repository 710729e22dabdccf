import { and, eq } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { runResponse } from '../schema/index.ts';

/** Keeps what a run has answered. The first answer stays. */
export async function putResponse(tx: Tenant, { runId, response }: { runId: string; response: Json }): Promise<void> {
  await tx.db.insert(runResponse).values({ workspaceId: tx.workspace, runId, response }).onConflictDoNothing();
}

/** What a run has answered; undefined if it has not, or too long ago. */
export async function getResponse(tx: Tenant, { runId }: { runId: string }): Promise<Json | undefined> {
  const [row] = await tx.db
    .select({ response: runResponse.response })
    .from(runResponse)
    .where(and(eq(runResponse.workspaceId, tx.workspace), eq(runResponse.runId, runId)));
  return row?.response;
}
