import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { type CaptureTerms, capture, trigger } from '../schema/index.ts';

/**
 * Most calls of one capture. The places above this number are for calls that are refused: however many strangers send, a
 * call that is taken finds its place.
 */
export const MOST_CAPTURED = 20;

/** How long after its end a capture is shown. */
const SHOWN = sql`interval '1 hour'`;

/** Names a trigger. */
interface Of {
  readonly workflow: string;
  readonly trigger: string;
}

/** A place for a call, and the call, if one came. */
export interface CapturedRow {
  readonly seq: number;
  /** Null: the place is free. */
  readonly at: string | null;
  readonly expiresAt: string;
  /** The call; of a free place, its terms. */
  readonly request: Json | CaptureTerms | null;
}

/** The terms on which the next call of a trigger is held; null if it is not. For a query that reads `trigger`. */
export const captureTerms = sql`(select ${capture.request} from ${capture}
  where ${capture.workspaceId} = ${trigger.workspaceId} and ${capture.workflow} = ${trigger.workflow}
  and ${capture.trigger} = ${trigger.id} and ${capture.seq} <= ${MOST_CAPTURED} and ${capture.at} is null and ${capture.expiresAt} > now() limit 1)`.mapWith(
  (text: string | null) => JSON.parse(text ?? 'null') as CaptureTerms | null,
);

/** Makes places for the next calls of a trigger, and as many for refused ones. Those of an earlier capture go, with what they hold. */
export async function openCapture(
  tx: Tenant,
  { next, minutes, terms, ...of }: Of & { next: number; minutes: number; terms: CaptureTerms },
): Promise<void> {
  // Locks the trigger: of two captures that are opened at once, one replaces the other.
  await tx.db
    .select({ id: trigger.id })
    .from(trigger)
    .where(and(eq(trigger.workspaceId, tx.workspace), eq(trigger.workflow, of.workflow), eq(trigger.id, of.trigger)))
    .for('update');
  await endCapture(tx, of);
  const expiresAt = sql<string>`now() + ${minutes} * interval '1 minute'`;
  const numbers = Array.from({ length: next }, (_, at) => at + 1);
  const places = [...numbers, ...numbers.map((seq) => seq + MOST_CAPTURED)].map((seq) => ({
    ...{ workspaceId: tx.workspace, ...of, seq },
    ...{ request: terms, expiresAt },
  }));
  await tx.db.insert(capture).values(places);
}

/** The places of a trigger's capture, until an hour after its end. */
export async function captured(tx: Tenant, of: Of): Promise<CapturedRow[]> {
  const { seq, at, expiresAt, request } = capture;
  return tx.db
    .select({ seq, at, expiresAt, request })
    .from(capture)
    .where(and(ofTrigger(tx, of), sql`${expiresAt} > now() - ${SHOWN}`))
    .orderBy(asc(seq));
}

/**
 * Holds a call in the first free place of its kind. Calls that come at once, also at several processes, get a place each.
 *
 * @returns false if no place is free
 */
export async function holdCall(
  tx: Tenant,
  { request, isRefused, ...of }: Of & { request: Json; isRefused: boolean },
): Promise<boolean> {
  const isOfKind = isRefused ? gt(capture.seq, MOST_CAPTURED) : lte(capture.seq, MOST_CAPTURED);
  const [free] = await tx.db
    .select({ seq: capture.seq })
    .from(capture)
    .where(and(ofTrigger(tx, of), isOfKind, isNull(capture.at), sql`${capture.expiresAt} > now()`))
    .orderBy(asc(capture.seq))
    .limit(1)
    // One who waited for a place that is taken meanwhile would find none, although the next one is free.
    .for('update', { skipLocked: true });
  if (!free) return false;
  await tx.db
    .update(capture)
    .set({ request, at: sql`now()` })
    .where(and(ofTrigger(tx, of), eq(capture.seq, free.seq)));
  return true;
}

/** Ends a capture, and removes what it holds. @returns false if there was none */
export async function endCapture(tx: Tenant, of: Of): Promise<boolean> {
  const gone = await tx.db.delete(capture).where(ofTrigger(tx, of)).returning({ seq: capture.seq });
  return gone.length > 0;
}

const ofTrigger = (tx: Tenant, of: Of) =>
  and(eq(capture.workspaceId, tx.workspace), eq(capture.workflow, of.workflow), eq(capture.trigger, of.trigger));
