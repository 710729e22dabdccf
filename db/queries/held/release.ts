import { and, asc, getTableColumns, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Json, JsonObject } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { heldFiring, heldGroup } from '../../schema/index.ts';
import { forgetEvents, groupIs, ofGroup } from './events.ts';

/** Firings that are held together, without what they hold: that may be large. */
export type HeldGroup = Omit<typeof heldGroup.$inferSelect, 'newest'>;

/** What the firings of a group are for their run. */
export interface HeldEvents {
  /** `trigger` of the run: that of the last firing. */
  readonly trigger: JsonObject;
  /** What runs of their own would have had, in the order in which they came. Of a `debounce`, only the last. */
  readonly inputs: readonly Json[];
}

/** How long one process has for starting a run before another one may try. The group's id keeps both from starting two. */
const LEASE = sql`interval '15 seconds'`;

const { newest: _newest, ...GROUP } = getTableColumns(heldGroup);

/** Takes groups that are due: nothing more joins them, and nobody else gets them for a while. After a crash they are due again. */
export async function takeDueGroups(tx: Tenant, input: { limit: number }): Promise<HeldGroup[]> {
  return tx.db
    .update(heldGroup)
    .set({ open: false, dueAt: sql`clock_timestamp() + ${LEASE}`, attempts: sql`${heldGroup.attempts} + 1` })
    .where(
      sql`${heldGroup}.ctid = any(array(select ctid from ${heldGroup} where workspace_id = ${tx.workspace}
        and due_at <= now() order by due_at limit ${input.limit} for update skip locked))`,
    )
    .returning(GROUP);
}

/** What a group holds; null if nothing is kept of it, because somebody has settled it. */
export async function heldEvents(tx: Tenant, { id }: Pick<HeldGroup, 'id'>): Promise<HeldEvents | null> {
  const [group] = await tx.db.select({ newest: heldGroup.newest }).from(heldGroup).where(groupIs(tx, id));
  const rows = await tx.db
    .select({ payload: heldFiring.payload })
    .from(heldFiring)
    .where(and(ofGroup(tx, id), isNotNull(heldFiring.payload)))
    .orderBy(asc(heldFiring.position));
  const payloads = rows.flatMap(({ payload }) => payload ?? []);
  const trigger = group?.newest ?? payloads.at(-1)?.trigger;
  return trigger === undefined ? null : { trigger, inputs: payloads.map(({ input }) => input) };
}

/**
 * Notes what came of a group. Of its firings, only the keys stay, because the same events may come again; of those that
 * were refused, everything stays, because nobody else has it.
 */
export async function settleGroup(
  tx: Tenant,
  input: {
    id: string;
    outcome: 'started' | 'declined' | 'refused';
    runId?: string | null;
    reason?: string | null;
  },
): Promise<void> {
  const { id, outcome, runId = null, reason = null } = input;
  // A run that has begun has begun, although its events were discarded or its workflow was deleted at that moment.
  const isOpen =
    outcome === 'started' ? or(isUnsettled, inArray(heldGroup.outcome, ['discarded', 'refused'])) : isUnsettled;
  const settled = await tx.db
    .update(heldGroup)
    .set({ outcome, runId, reason, dueAt: null, settledAt: sql`now()` })
    .where(and(groupIs(tx, id), isOpen))
    .returning({ id: heldGroup.id });
  if (settled.length > 0 && outcome !== 'refused') await forgetEvents(tx, id);
}

/** Puts off a group whose run cannot be started now, unless another process has settled it meanwhile. */
export async function postponeGroup(tx: Tenant, input: { id: string; ms: number; reason: string }): Promise<void> {
  const dueAt = sql`clock_timestamp() + ${input.ms} * interval '1 millisecond'`;
  await tx.db
    .update(heldGroup)
    .set({ dueAt, reason: input.reason })
    .where(and(groupIs(tx, input.id), isUnsettled));
}

const isUnsettled = isNull(heldGroup.settledAt);
