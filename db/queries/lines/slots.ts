import { and, asc, eq, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { slot } from '../../schema/index.ts';
import { dropEnded, HEAD, type InLine, joinLine, lockLine, ofLine } from './in-line.ts';

/** What a run asks for before it begins. */
export interface SlotRequest extends InLine {
  readonly limit: number;
}

/**
 * `next`: workflow id of the next run in the queue, if there is room for it, too. `ahead`: workflow ids of runs that hold
 * places, oldest first. `isNear`: few runs go before this one.
 */
export type SlotAnswer = { readonly next?: string } & (
  | { readonly taken: true }
  | { readonly taken: false; readonly ahead: readonly string[]; readonly isNear: boolean }
);

/** How many of the runs that hold places are named, and of those that are next. */
const NAMED = 5;

/**
 * Takes a place under the workflow's `concurrency`, or queues for one: by priority, then first come, first served. Places
 * of runs that have ended are free. Safe to repeat.
 *
 * Whoever stands far back in a queue is told so without a lock, and at the same cost however long the queue is: a place
 * that is given back meanwhile is for somebody else.
 */
export async function takeSlot(tx: Tenant, request: SlotRequest): Promise<SlotAnswer> {
  await joinLine(tx, slot, request);
  const seen = await standingOf(tx, request);
  if (seen.held) return { taken: true };
  if (!hasRoom(seen, request) && !isNear(seen)) return notTaken(tx, request, seen);
  await lockLine(tx, 'concurrency', request);
  const standing = await standingOf(tx, request);
  if (standing.held) return { taken: true };
  if (hasRoom(standing, request)) return take(tx, request, standing);
  if (!(await dropEnded(tx, slot, request, [HOLDS, QUEUES]))) return notTaken(tx, request, standing);
  const now = await standingOf(tx, request);
  if (hasRoom(now, request)) return take(tx, request, now);
  return { ...(await notTaken(tx, request, now)), ...(await nextIn(tx, request)) };
}

interface SlotStanding {
  readonly held: boolean;
  /** How many runs hold places, at most as many as may. */
  readonly holders: number;
  /** How many runs go before this one, as far as that matters: in the head of the line, or among as many as may hold places. */
  readonly ahead: number;
}

const HOLDS = sql`${slot.held}`;
const QUEUES = sql`not ${slot.held}`;

const roomBehind = ({ holders, ahead }: SlotStanding, { limit }: SlotRequest): number => limit - holders - ahead - 1;
const hasRoom = (standing: SlotStanding, request: SlotRequest): boolean => roomBehind(standing, request) >= 0;
const isNear = ({ ahead }: SlotStanding): boolean => ahead < HEAD;

/** Each count goes along the index, in its order, and stops where it no longer matters. */
async function standingOf(tx: Tenant, request: SlotRequest): Promise<SlotStanding> {
  const { runId, limit } = request;
  const line = ofLine(tx, slot, request);
  const { rows } = await tx.db.execute<SlotStanding & Record<string, unknown>>(sql`
    with me as (select held, priority, seq from ${slot} where ${slotIs(tx, runId)})
    select me.held,
      (select count(*)::int from (select from ${slot} where ${line} and ${HOLDS}
        order by ${slot.priority}, ${slot.seq} limit ${limit}) as holder) as holders,
      (select count(*)::int from (select from ${slot} where ${line} and ${QUEUES}
        and (${slot.priority}, ${slot.seq}) < (me.priority, me.seq)
        order by ${slot.priority}, ${slot.seq} limit ${Math.max(limit, HEAD)}) as earlier) as ahead
    from me`);
  return rows[0]!;
}

async function take(tx: Tenant, request: SlotRequest, standing: SlotStanding): Promise<SlotAnswer> {
  await tx.db.update(slot).set({ held: true }).where(slotIs(tx, request.runId));
  return { taken: true, ...(roomBehind(standing, request) > 0 ? await nextIn(tx, request) : {}) };
}

async function notTaken(tx: Tenant, request: SlotRequest, standing: SlotStanding): Promise<SlotAnswer> {
  const holders = await tx.db
    .select({ workflowId: slot.workflowId })
    .from(slot)
    .where(and(ofLine(tx, slot, request), eq(slot.held, true)))
    .orderBy(asc(slot.seq))
    .limit(NAMED);
  return { taken: false, ahead: holders.map(({ workflowId }) => workflowId), isNear: isNear(standing) };
}

async function nextIn(tx: Tenant, request: SlotRequest): Promise<{ readonly next?: string }> {
  const [next] = await queueFor(tx, request);
  return next === undefined ? {} : { next };
}

/** Takes a run out of the queue, unless it holds a place. */
export async function leaveQueue(tx: Tenant, { runId }: { runId: string }): Promise<void> {
  await tx.db.delete(slot).where(and(slotIs(tx, runId), eq(slot.held, false)));
}

/** Gives back the place of a run, or takes the run out of the queue. Returns the workflow ids of the next runs in the queue. */
export async function releaseSlot(tx: Tenant, input: { runId: string } | { workflowId: string }): Promise<string[]> {
  const mine = 'runId' in input ? eq(slot.runId, input.runId) : eq(slot.workflowId, input.workflowId);
  const [gone] = await tx.db
    .delete(slot)
    .where(and(eq(slot.workspaceId, tx.workspace), mine))
    .returning({ workflow: slot.workflow, key: slot.key });
  return gone ? queueFor(tx, gone) : [];
}

/** The workflow ids of the next runs in a queue. */
export async function queueFor(tx: Tenant, line: Pick<InLine, 'workflow' | 'key'>): Promise<string[]> {
  const rows = await tx.db
    .select({ workflowId: slot.workflowId })
    .from(slot)
    .where(and(ofLine(tx, slot, line), eq(slot.held, false)))
    .orderBy(asc(slot.priority), asc(slot.seq))
    .limit(NAMED);
  return rows.map(({ workflowId }) => workflowId);
}

const slotIs = (tx: Tenant, runId: string) => and(eq(slot.workspaceId, tx.workspace), eq(slot.runId, runId));
