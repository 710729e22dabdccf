import { and, asc, eq, gte, isNull, notInArray, or, sql } from 'drizzle-orm';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { EventMessage } from '../../workflows/contract.ts';
import type { Tenant } from '../database.ts';
import { event, run, wait } from '../schema/index.ts';
import { escapeText } from '../text.ts';

/** Stores an event. If its id is known already, nothing changes, and the event that was stored first is returned. */
export async function storeEvent(
  tx: Tenant,
  input: {
    id: string;
    name: string;
    key?: string | null;
    data: Json;
    source?: string | null;
    attributes?: JsonObject | null;
  },
): Promise<EventMessage & { stored: boolean }> {
  const { id, name, key = null, data, source = null, attributes = null } = input;
  const inserted = await tx.db
    .insert(event)
    .values({ workspaceId: tx.workspace, id, name, key, data, source, attributes })
    .onConflictDoNothing()
    .returning({ at: event.receivedAt });
  if (inserted[0]) return { id, name, key, data, at: inserted[0].at, stored: true };
  const [first] = await tx.db
    .select(MESSAGE)
    .from(event)
    .where(and(eq(event.workspaceId, tx.workspace), eq(event.id, input.id)));
  return { ...first!, stored: false };
}

/** A stored event, or null. */
export async function getEvent(
  tx: Tenant,
  input: { id: string },
): Promise<(EventMessage & { source: string | null; attributes: JsonObject | null }) | null> {
  const [row] = await tx.db
    .select({ ...MESSAGE, source: event.source, attributes: event.attributes })
    .from(event)
    .where(and(eq(event.workspaceId, tx.workspace), eq(event.id, input.id)));
  return row ?? null;
}

/**
 * Events that a beginning wait may take: events of this name that arrived since the run started, oldest first. A wait
 * without a key takes any of them; an event without a key reaches waits with any key. `except`: ids that the run knows.
 */
export async function eventsFor(
  tx: Tenant,
  input: { name: string; key?: string | null; since: string; except?: readonly string[]; limit?: number },
): Promise<EventMessage[]> {
  return tx.db
    .select(MESSAGE)
    .from(event)
    .where(
      and(
        eq(event.workspaceId, tx.workspace),
        sameText(event.name, input.name),
        gte(event.receivedAt, input.since),
        input.key == null ? undefined : or(isNull(event.key), eq(event.key, input.key)),
        input.except?.length ? notInArray(event.id, [...input.except]) : undefined,
      ),
    )
    .orderBy(asc(event.receivedAt), asc(event.id))
    .limit(input.limit ?? 1000);
}

/** Open runs with a wait that matches this event: each run once, with the waiting steps. */
export async function matchWaits(
  tx: Tenant,
  input: { name: string; key?: string | null },
): Promise<{ runId: string; workflowId: string; steps: string[] }[]> {
  return tx.db
    .select({
      runId: run.id,
      workflowId: run.workflowId,
      steps: sql<string[]>`array_agg(${wait.step} order by ${wait.seq})`,
    })
    .from(wait)
    .innerJoin(run, and(eq(run.workspaceId, wait.workspaceId), eq(run.id, wait.runId)))
    .where(
      and(
        eq(wait.workspaceId, tx.workspace),
        sameText(wait.event, input.name),
        input.key == null ? undefined : or(isNull(wait.key), sameText(wait.key, input.key)),
        isNull(run.endedAt),
      ),
    )
    .groupBy(run.id, run.workflowId)
    .orderBy(asc(run.id));
}

const MESSAGE = { id: event.id, name: event.name, key: event.key, data: event.data, at: event.receivedAt };

/** Equality that the hashed indexes serve. */
const sameText = (column: typeof event.name | typeof wait.event | typeof wait.key, value: string) =>
  and(sql`md5(${column}) = md5(${escapeText(value)})`, eq(column, value));
