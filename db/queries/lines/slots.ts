import { and, asc, eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { slot } from '../../schema/index.ts';
import { dropEnded, type InLine, joinLine, lockLine, ofLine } from './in-line.ts';

/** What a run asks for before it begins. */
export interface SlotRequest extends InLine {
  readonly limit: number;
}

/**
 * `next`: workflow id of the next run in the queue, if there is room for it, too. `ahead`: workflow ids of runs that hold
 * places, oldest first.
 */
export type SlotAnswer =
  | { readonly taken: true; readonly next?: string }
  | { readonly taken: false; readonly ahead: readonly string[] };

/** How many of the runs that hold places are named. */
const NAMED = 5;

/**
 * Takes a place under the workflow's `concurrency`, or queues for one: by priority, then first come, first served. Places
 * of runs that have ended are free. Safe to repeat.
 */
export async function takeSlot(tx: Tenant, request: SlotRequest): Promise<SlotAnswer> {
  await lockLine(tx, 'concurrency', request);
  await joinLine(tx, slot, request);
  const answer = await tryToTake(tx, request);
  return (
    answer ?? ((await dropEnded(tx, slot, request)) ? await tryToTake(tx, request) : null) ?? notTaken(tx, request)
  );
}

async function tryToTake(tx: Tenant, request: SlotRequest): Promise<SlotAnswer | null> {
  const { rows } = await tx.db.execute<{ held: boolean; holders: number; ahead: number }>(sql`
    with me as (select held, priority, seq from ${slot} where ${slotIs(tx, request.runId)})
    select me.held,
      (select count(*)::int from ${slot} where ${ofLine(tx, slot, request)} and ${slot.held}) as holders,
      (select count(*)::int from ${slot} where ${ofLine(tx, slot, request)} and not ${slot.held}
        and (${slot.priority}, ${slot.seq}) < (me.priority, me.seq)) as ahead
    from me`);
  const { held, holders, ahead } = rows[0]!;
  if (held) return { taken: true };
  const free = request.limit - holders - 1;
  if (ahead > free) return null;
  await tx.db.update(slot).set({ held: true }).where(slotIs(tx, request.runId));
  const [next] = ahead < free ? await queue(tx, request, 1) : [];
  return { taken: true, ...(next === undefined ? {} : { next }) };
}

async function notTaken(tx: Tenant, request: SlotRequest): Promise<SlotAnswer> {
  const holders = await tx.db
    .select({ workflowId: slot.workflowId })
    .from(slot)
    .where(and(ofLine(tx, slot, request), eq(slot.held, true)))
    .orderBy(asc(slot.seq))
    .limit(NAMED);
  return { taken: false, ahead: holders.map(({ workflowId }) => workflowId) };
}

/** Gives back the place of a run, or takes the run out of the queue. Returns the workflow ids of the next runs in the queue. */
export async function releaseSlot(tx: Tenant, input: { runId: string } | { workflowId: string }): Promise<string[]> {
  const mine = 'runId' in input ? eq(slot.runId, input.runId) : eq(slot.workflowId, input.workflowId);
  const [gone] = await tx.db
    .delete(slot)
    .where(and(eq(slot.workspaceId, tx.workspace), mine))
    .returning({ workflow: slot.workflow, key: slot.key });
  return gone ? queue(tx, gone, NAMED) : [];
}

async function queue(tx: Tenant, line: Pick<InLine, 'workflow' | 'key'>, limit: number): Promise<string[]> {
  const rows = await tx.db
    .select({ workflowId: slot.workflowId })
    .from(slot)
    .where(and(ofLine(tx, slot, line), eq(slot.held, false)))
    .orderBy(asc(slot.priority), asc(slot.seq))
    .limit(limit);
  return rows.map(({ workflowId }) => workflowId);
}

const slotIs = (tx: Tenant, runId: string) => and(eq(slot.workspaceId, tx.workspace), eq(slot.runId, runId));
