import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { run, runMonth, runResponse } from '../schema/index.ts';
import { inTheirMonths } from './runs/month.ts';

/** Keeps what a run has answered. The first answer stays. */
export async function putResponse(tx: Tenant, { runId, response }: { runId: string; response: Json }): Promise<void> {
  await tx.db.insert(runResponse).values({ workspaceId: tx.workspace, runId, response }).onConflictDoNothing();
}

/** What a run has answered, and whether it has ended. */
export interface RunAnswer {
  /** Undefined if it has not answered, or too long ago. */
  readonly response: Json | undefined;
  readonly isOver: boolean;
}

/** What these runs have answered so far, in the order of their ids. */
export async function answersOf(tx: Tenant, runIds: readonly string[]): Promise<RunAnswer[]> {
  const ids = [...runIds];
  const answered = await tx.db
    .select({ runId: runResponse.runId, response: runResponse.response })
    .from(runResponse)
    .where(and(eq(runResponse.workspaceId, tx.workspace), inArray(runResponse.runId, ids)));
  const ended = await tx.db
    .select({ id: run.id })
    .from(runMonth)
    .innerJoin(run, inTheirMonths)
    .where(and(eq(runMonth.workspaceId, tx.workspace), inArray(runMonth.runId, ids), isNotNull(run.endedAt)));
  const responses = new Map(answered.map(({ runId, response }) => [runId, response]));
  const over = new Set(ended.map(({ id }) => id));
  return ids.map((id) => ({ response: responses.get(id), isOver: over.has(id) }));
}
