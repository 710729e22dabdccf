import { and, eq, sql } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { runResponse } from '../schema/index.ts';

/** Channel on which the runs are named that have answered. */
export const RESPONSES = 'blok_response';

/** Names a run on the channel. */
export const responseTopic = (workspace: string, runId: string): string => `${workspace}/${runId}`;

/** Keeps what a run has answered, and tells whoever listens once the transaction is committed. The first answer stays. */
export async function putResponse(tx: Tenant, { runId, response }: { runId: string; response: Json }): Promise<void> {
  const written = await tx.db
    .insert(runResponse)
    .values({ workspaceId: tx.workspace, runId, response })
    .onConflictDoNothing()
    .returning({ runId: runResponse.runId });
  if (written.length > 0)
    await tx.db.execute(sql`select pg_notify(${RESPONSES}, ${responseTopic(tx.workspace, runId)})`);
}

/** What a run has answered; undefined if it has not, or too long ago. */
export async function getResponse(tx: Tenant, { runId }: { runId: string }): Promise<Json | undefined> {
  const [row] = await tx.db
    .select({ response: runResponse.response })
    .from(runResponse)
    .where(and(eq(runResponse.workspaceId, tx.workspace), eq(runResponse.runId, runId)));
  return row?.response;
}
