import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { run, slot } from '../schema/index.ts';

/** What a run asks for before it begins. */
export interface SlotRequest {
  readonly runId: string;
  readonly workflowId: string;
  readonly workflow: string;
  /** Runs with equal keys share the limit. */
  readonly key: string;
  readonly limit: number;
}

/** `ahead`: workflow ids of the runs that hold the places, oldest first. */
export type SlotAnswer = { readonly taken: true } | { readonly taken: false; readonly ahead: readonly string[] };

/**
 * Takes a place under the workflow's `concurrency`, or queues for one: first come, first served. Places of runs that
 * have ended are free. Safe to repeat.
 */
export async function takeSlot(tx: Tenant, request: SlotRequest): Promise<SlotAnswer> {
  const { runId, workflowId, workflow, key, limit } = request;
  await tx.db.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${JSON.stringify([tx.workspace, workflow, key])}, 0))`,
  );
  await dropEnded(tx, workflow);
  await tx.db
    .insert(slot)
    .values({ workspaceId: tx.workspace, runId, workflowId, workflow, key })
    .onConflictDoNothing();
  const rows = await tx.db
    .select({ runId: slot.runId, workflowId: slot.workflowId, held: slot.held })
    .from(slot)
    .where(and(eq(slot.workspaceId, tx.workspace), eq(slot.workflow, workflow), eq(slot.key, key)))
    .orderBy(asc(slot.seq));
  const holders = rows.filter((row) => row.held);
  const free = limit - holders.length;
  const queued = rows.filter((row) => !row.held);
  const mine = queued.findIndex((row) => row.runId === runId);
  if (mine >= free) return { taken: false, ahead: holders.map((row) => row.workflowId) };
  if (mine >= 0) await tx.db.update(slot).set({ held: true }).where(slotIs(tx, runId));
  return { taken: true };
}

/**
 * Gives back the place of a run, or takes the run out of the queue. Returns the workflow ids of the runs in the queue,
 * oldest first.
 */
export async function releaseSlot(tx: Tenant, input: { runId: string } | { workflowId: string }): Promise<string[]> {
  const mine = 'runId' in input ? eq(slot.runId, input.runId) : eq(slot.workflowId, input.workflowId);
  const [gone] = await tx.db
    .delete(slot)
    .where(and(eq(slot.workspaceId, tx.workspace), mine))
    .returning({ workflow: slot.workflow, key: slot.key });
  if (!gone) return [];
  const rows = await tx.db
    .select({ workflowId: slot.workflowId })
    .from(slot)
    .where(
      and(
        eq(slot.workspaceId, tx.workspace),
        eq(slot.workflow, gone.workflow),
        eq(slot.key, gone.key),
        eq(slot.held, false),
      ),
    )
    .orderBy(asc(slot.seq))
    .limit(10);
  return rows.map((row) => row.workflowId);
}

/** Frees the places of runs that were terminated and so gave nothing back: their rows say that they have ended. */
async function dropEnded(tx: Tenant, workflow: string): Promise<void> {
  const ended = await tx.db
    .select({ runId: slot.runId })
    .from(slot)
    .innerJoin(run, and(eq(run.workspaceId, slot.workspaceId), eq(run.id, slot.runId), isNotNull(run.endedAt)))
    .where(and(eq(slot.workspaceId, tx.workspace), eq(slot.workflow, workflow)));
  if (ended.length === 0) return;
  const ids = ended.map((row) => row.runId);
  await tx.db.delete(slot).where(and(eq(slot.workspaceId, tx.workspace), inArray(slot.runId, ids)));
}

const slotIs = (tx: Tenant, runId: string) => and(eq(slot.workspaceId, tx.workspace), eq(slot.runId, runId));
