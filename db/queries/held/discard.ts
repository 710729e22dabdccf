import { and, asc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { heldFiring, heldGroup } from '../../schema/index.ts';
import { forgetEvents, ofGroup } from './events.ts';

/** A group as somebody looks at it. */
export interface ShownGroup {
  readonly group: string;
  readonly word: 'debounce' | 'batch';
  readonly trigger: string;
  readonly version: number;
  readonly key: string;
  /** How many events came; of a `debounce`, only the last is kept. */
  readonly count: number;
  readonly openedAt: string;
  readonly dueAt: string | null;
  /** What came of it; null if its run is still to begin. */
  readonly outcome: string | null;
  readonly runId: string | null;
  readonly reason: string | null;
  /** `trigger` of its run, as long as it is kept. */
  readonly newest: JsonObject | null;
}

/** An event of a group that is kept. */
export interface ShownEvent {
  readonly key: string | null;
  readonly at: string;
  /** What a run of its own would have had. */
  readonly input: Json;
}

/** A group with the events that are kept of it, in the order in which they came; null if there is no such group. */
export async function showGroup(
  tx: Tenant,
  { workflow, id }: { workflow: string; id: string },
): Promise<(ShownGroup & { readonly events: readonly ShownEvent[] }) | null> {
  const { word, trigger, version, key, count, openedAt, dueAt, outcome, runId, reason, newest } = heldGroup;
  const [group] = await tx.db
    .select({
      group: heldGroup.id,
      ...{ word, trigger, version, key, count, openedAt, dueAt, outcome, runId, reason, newest },
    })
    .from(heldGroup)
    .where(groupIs(tx, { workflow, id }));
  if (!group) return null;
  const events = await tx.db
    .select({ key: heldFiring.key, at: heldFiring.at, payload: heldFiring.payload })
    .from(heldFiring)
    .where(and(ofGroup(tx, id), isNotNull(heldFiring.payload)))
    .orderBy(asc(heldFiring.position));
  return { ...group, events: events.map(({ payload, ...event }) => ({ ...event, input: payload!.input })) };
}

/**
 * Discards what a group holds: no run begins for it, and what was refused is no longer kept. Its events are known as before.
 *
 * @returns how many events it had; null if there is no such group, or if its run has begun
 */
export async function discardGroup(
  tx: Tenant,
  { workflow, id }: { workflow: string; id: string },
): Promise<number | null> {
  const [gone] = await tx.db
    .update(heldGroup)
    .set({ outcome: 'discarded', open: false, dueAt: null, settledAt: sql`now()` })
    .where(and(groupIs(tx, { workflow, id }), or(isNull(heldGroup.settledAt), eq(heldGroup.outcome, 'refused'))))
    .returning({ count: heldGroup.count });
  if (!gone) return null;
  await forgetEvents(tx, id);
  return gone.count;
}

const groupIs = (tx: Tenant, { workflow, id }: { workflow: string; id: string }) =>
  and(eq(heldGroup.workspaceId, tx.workspace), eq(heldGroup.workflow, workflow), eq(heldGroup.id, id));
