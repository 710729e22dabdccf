import { and, asc, isNotNull } from 'drizzle-orm';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { heldFiring, heldGroup } from '../../schema/index.ts';
import { groupOf, ofGroup } from './events.ts';
import type { WaitingGroup } from './groups.ts';

/** A group as somebody looks at it. */
export interface ShownGroup extends Omit<WaitingGroup, 'refusedAt'> {
  /** What came of it; null if its run is still to begin. */
  readonly outcome: string | null;
  readonly runId: string | null;
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
    .where(groupOf(tx, { workflow, id }));
  if (!group) return null;
  const events = await tx.db
    .select({ key: heldFiring.key, at: heldFiring.at, payload: heldFiring.payload })
    .from(heldFiring)
    .where(and(ofGroup(tx, id), isNotNull(heldFiring.payload)))
    .orderBy(asc(heldFiring.position));
  return { ...group, events: events.map(({ payload, ...event }) => ({ ...event, input: payload!.input })) };
}
