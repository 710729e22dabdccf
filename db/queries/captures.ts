import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Json } from '../../graph/json.ts';
import type { Tenant } from '../database.ts';
import { type CaptureTerms, capture, trigger } from '../schema/index.ts';

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
  and ${capture.trigger} = ${trigger.id} and ${capture.at} is null and ${capture.expiresAt} > now() limit 1)`.mapWith(
  (text: string | null) => JSON.parse(text ?? 'null') as CaptureTerms | null,
);

/** Makes places for the next calls of a trigger. Those of an earlier capture go, with what they hold. */
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
  const places = Array.from({ length: next }, (_, at) => ({
    ...{ workspaceId: tx.workspace, ...of, seq: at + 1 },
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
 * Holds a call in the first free place. Calls that come at once, also at several processes, get a place each.
 *
 * @returns false if no place is free
 */
export async function holdCall(tx: Tenant, { request, ...of }: Of & { request: Json }): Promise<boolean> {
  const [free] = await tx.db
    .select({ seq: capture.seq })
    .from(capture)
    .where(and(ofTrigger(tx, of), isNull(capture.at), sql`${capture.expiresAt} > now()`))
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
