import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { heldFiring, heldGroup } from '../../schema/index.ts';

/** Firings that are held together. */
export type HeldGroup = typeof heldGroup.$inferSelect;

/** What a run of its own would have had. */
export type HeldPayload = NonNullable<(typeof heldFiring.$inferSelect)['payload']>;

/** How long one process has for starting a run before another one may try. The group's id keeps both from starting two. */
const LEASE = sql`interval '15 seconds'`;

/** Takes groups that are due: nothing more joins them, and nobody else gets them for a while. After a crash they are due again. */
export async function takeDueGroups(tx: Tenant, input: { limit: number }): Promise<HeldGroup[]> {
  return tx.db
    .update(heldGroup)
    .set({ open: false, dueAt: sql`clock_timestamp() + ${LEASE}`, attempts: sql`${heldGroup.attempts} + 1` })
    .where(
      sql`${heldGroup}.ctid = any(array(select ctid from ${heldGroup} where workspace_id = ${tx.workspace}
        and due_at <= now() order by due_at limit ${input.limit} for update skip locked))`,
    )
    .returning();
}

/** What the firings of a group would have had, in the order in which they came. Of a `debounce`, only the last is kept. */
export async function heldPayloads(tx: Tenant, { id }: Pick<HeldGroup, 'id'>): Promise<HeldPayload[]> {
  const rows = await tx.db
    .select({ payload: heldFiring.payload })
    .from(heldFiring)
    .where(and(ofGroup(tx, id), isNotNull(heldFiring.payload)))
    .orderBy(asc(heldFiring.position));
  return rows.flatMap(({ payload }) => payload ?? []);
}

/** Notes what came of a group. Of its firings, only the keys stay, because the same events may come again. */
export async function settleGroup(
  tx: Tenant,
  input: {
    id: string;
    outcome: NonNullable<HeldGroup['outcome']>;
    runId?: string | null;
    reason?: string | null;
  },
): Promise<void> {
  const { id, outcome, runId = null, reason = null } = input;
  await tx.db
    .update(heldGroup)
    .set({ outcome, runId, reason, dueAt: null, settledAt: sql`now()` })
    .where(isUnsettled(tx, id));
  await tx.db.delete(heldFiring).where(and(ofGroup(tx, id), isNull(heldFiring.key)));
  await tx.db
    .update(heldFiring)
    .set({ payload: sql`null` })
    .where(and(ofGroup(tx, id), isNotNull(heldFiring.payload)));
}

/** Puts off a group whose run cannot be started now, unless another process has settled it meanwhile. */
export async function postponeGroup(tx: Tenant, input: { id: string; ms: number; reason: string }): Promise<void> {
  const dueAt = sql`clock_timestamp() + ${input.ms} * interval '1 millisecond'`;
  await tx.db.update(heldGroup).set({ dueAt, reason: input.reason }).where(isUnsettled(tx, input.id));
}

const isUnsettled = (tx: Tenant, id: string) =>
  and(eq(heldGroup.workspaceId, tx.workspace), eq(heldGroup.id, id), isNull(heldGroup.settledAt));
const ofGroup = (tx: Tenant, id: string) => and(eq(heldFiring.workspaceId, tx.workspace), eq(heldFiring.groupId, id));
